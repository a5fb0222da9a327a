import shutil
import tempfile
import unittest
from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np

from ..data import read_steps
from ..phases.explore import explored_seeds
from ..phases.lam3 import boosted_steps
from ..phases.lam4 import FIRST, THEN
from ..phases.rare import contrast_files, rare_files
from ..phases.reward import area_under_curve
from ..phases.settings import SHARES, SMALL_SHARES, Settings, small
from ..phases.workspace import Workspace
from ..pipeline import STAGES, run

BUILD = Path("dist")
"""`npm run build` puts the simulated desktop there."""


class SettingsTest(unittest.TestCase):
    def test_the_phases_share_the_whole_budget(self) -> None:
        for shares in (SHARES, SMALL_SHARES):
            self.assertAlmostEqual(sum(shares.values()), 1)
        self.assertEqual(Settings(tokens=1000).budget("lam2"), {"tokens": 155})
        self.assertEqual(Settings(tokens=1000).budget("lam2", 0.4), {"tokens": 62})
        self.assertAlmostEqual(sum(part.share for part in (*FIRST.values(), *THEN.values())), 1)

    def test_a_budget_is_minutes_or_tokens(self) -> None:
        for budget in ({}, {"minutes": 1.0, "tokens": 1}):
            with self.assertRaises(ValueError):
                Settings(**budget)


class PipelineTest(unittest.TestCase):
    """The small version of the whole pipeline, once; about a minute on two free cores."""

    @classmethod
    def setUpClass(cls) -> None:
        if not (BUILD / "bench" / "desktop" / "explore.js").exists():
            raise FileNotFoundError(f"{BUILD}: build the simulated desktop first (npm run build)")
        cls.work = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.work)
        settings = Settings(work=cls.work, out=None, build=BUILD, tokens=1, device="cpu")
        cls.settings = small(settings)
        with redirect_stdout(StringIO()):
            cls.records = run(cls.settings)

    def loss(self, phase: str, when: str) -> float:
        return self.records[phase]["validation"][when]["loss"]

    def test_each_phase_lowers_its_loss(self) -> None:
        for phase in ("lam1", "lam2", "lam3", "reward", "lam4"):
            with self.subTest(phase):
                self.assertLess(self.loss(phase, "last"), self.loss(phase, "first"))

    def test_each_action_model_goes_on_where_the_one_before_ended(self) -> None:
        for phase, before in (("lam3", "lam2"), ("lam4", "lam3")):
            self.assertAlmostEqual(self.loss(phase, "first"), self.loss(before, "last"), places=3)

    def test_every_phase_leaves_a_folder_that_the_gateway_has_loaded(self) -> None:
        names = {path.parent.relative_to(self.work / "served").as_posix() for path in self.work.glob("served/*/*/*/lam.json")}
        self.assertLessEqual({"lam1/lam-word/1", "lam2/lam-word/2", "lam3/lam-word/3", "lam4/lam-word/4", "reward/reward-word/1"}, names)
        self.assertEqual(self.records["lam4"]["online_best_of_4"]["episodes"], self.settings.test_tasks)

    def test_rare_tasks_are_new_ones_and_end_in_fail_or_confirm(self) -> None:
        workspace = Workspace(self.settings)
        steps = list(read_steps(*rare_files(workspace)))
        self.assertEqual(self.records["rare"]["steps"], len(steps))
        last = {step["episode"]: step["answer"] for step in steps}
        self.assertEqual({answer[answer.index("<|st|>") + 1] for answer in last.values()}, {"=FAIL", "=CONFIRM"})
        others = {step["episode"] for step in boosted_steps(workspace)} | set(explored_seeds(workspace))
        self.assertFalse(others & set(last))

    def test_what_a_disturbance_makes_impossible_is_shown_with_its_contrast(self) -> None:
        workspace = Workspace(self.settings)
        steps = list(read_steps(*contrast_files(workspace)))
        self.assertEqual(self.records["rare"]["contrast_steps"], len(steps))
        statuses = defaultdict(str)
        for step in steps:
            answer = step["answer"]
            statuses[step["episode"]] += answer[answer.index("<|st|>") + 1]
        self.assertEqual(self.records["rare"]["contrasts"], len(statuses))
        for sequence in statuses.values():
            self.assertRegex(sequence, "^=FAIL(=CONTINUE)*=FINISH$")

    def test_stages_that_are_done_are_skipped_and_the_table_says_what_there_was(self) -> None:
        output = StringIO()
        with redirect_stdout(output):
            self.assertEqual(run(self.settings), self.records)
        self.assertNotIn("==", output.getvalue())
        table = (self.work / "table.md").read_text()
        self.assertEqual(set(self.records), set(STAGES))
        self.assertIn(f"{self.records['lam2']['steps']:,} steps", table)


class AreaUnderCurveTest(unittest.TestCase):
    def test_it_is_the_chance_that_a_positive_scores_higher(self) -> None:
        positive = np.array([True, True, False, False])
        self.assertEqual(area_under_curve(np.array([3.0, 2.0, 1.0, 0.0]), positive), 1)
        self.assertEqual(area_under_curve(np.array([0.0, 1.0, 2.0, 3.0]), positive), 0)
        self.assertEqual(area_under_curve(np.array([2.0, 1.0, 1.0, 0.0]), positive), 0.875)
        self.assertEqual(area_under_curve(np.array([1.0, 1.0, 1.0, 1.0]), positive), 0.5)
        self.assertEqual(area_under_curve(np.array([1.0, 2.0, 1.0, 1.0]), np.array([True] * 4)), 0.5)


if __name__ == "__main__":
    unittest.main()
