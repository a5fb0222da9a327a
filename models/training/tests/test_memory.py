import unittest
from unittest import mock

from .. import memory


class KeepMemoryTest(unittest.TestCase):
    def replaced(self, environment: dict, platform: str = "linux") -> list:
        with (
            mock.patch.dict("os.environ", environment, clear=True),
            mock.patch("sys.platform", platform),
            mock.patch("sys.argv", ["run.py", "--small"]),
            mock.patch("os.execve") as replace,
        ):
            memory.keep_memory("models.training.run")
        return replace.call_args_list

    def test_the_process_begins_again_with_its_arguments_and_what_the_user_set(self) -> None:
        (call,) = self.replaced({"MALLOC_ARENA_MAX": "4"})
        _, words, environment = call.args
        self.assertEqual(words[1:], ["-m", "models.training.run", "--small"])
        self.assertEqual(environment, {**memory.SETTINGS, "MALLOC_ARENA_MAX": "4"})

    def test_it_does_so_once_and_only_on_linux(self) -> None:
        self.assertEqual(self.replaced(memory.SETTINGS), [])
        self.assertEqual(self.replaced({}, platform="darwin"), [])


if __name__ == "__main__":
    unittest.main()
