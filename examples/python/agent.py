"""A whole agent in Python's standard library: observe, ask the gateway, execute, report, until the task is done.

    python3 examples/python/agent.py [http://127.0.0.1:8080]

Replace `Desktop` by what reads and drives a real application (UI Automation, for example through pywinauto)."""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid

GATEWAY = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
TASK = 'make "Quarterly report" bold'


class Desktop:
    """Word's window as UI Automation shows it, Home tab open, in short; a document with one line of text."""

    TABS = ["Home", "Insert", "Draw", "Design", "Layout", "References", "Mailings", "Review", "View", "Help"]
    FONT = ["Increase Font Size", "Decrease Font Size", "Clear All Formatting", "Bold", "Italic", "Underline"]
    PARAGRAPH = ["Bullets", "Numbering", "Align Left", "Center", "Align Right", "Justify", "Find", "Replace..."]

    def __init__(self):
        self.text, self.selected, self.bold = "Quarterly report für März", "", False

    def controls(self):  # in the order of the UI tree; ids stay the same while a control exists
        listed = [("Button", "Save"), ("Button", "File Tab"), *[("TabItem", name) for name in self.TABS]]
        listed += [("SplitButton", "Paste"), ("Button", "Cut"), ("Button", "Copy")]
        listed += [("ComboBox", "Font"), ("ComboBox", "Font Size")]
        listed += [("Button", name) for name in self.FONT + self.PARAGRAPH] + [("Document", "Body")]
        selected = {"Home": True, "Bold": self.bold, "Italic": False, "Underline": False}
        controls = []
        for kind, name in listed:
            control = {"id": name, "name": name, "type": kind}
            if kind == "TabItem" or name in selected:
                control["selected"] = selected.get(name, False)
            controls.append(control)
        return controls

    def execute(self, action):  # returns an empty text, or why it did not work
        name = action["control_name"]
        if action["function"] == "select_text" and action["args"].get("text", "") in self.text:
            self.selected = action["args"]["text"]
        elif action["function"] == "click_input" and name == "Bold" and self.selected:
            self.bold = not self.bold
        elif action["function"] == "click_input" and name == "Home":
            pass  # it is open
        else:
            return f"cannot {action['function']} {name!r}"
        return ""


def post(path, message, attempts=5):
    """One call. Repeated with the same request_id, which makes a repeat harmless, and only if the gateway says so."""
    body = json.dumps({"request_id": uuid.uuid4().hex, **message}).encode()
    headers = {"content-type": "application/json", "x-request-timeout-ms": "30000"}
    if "LAM_API_KEY" in os.environ:
        headers["authorization"] = "Bearer " + os.environ["LAM_API_KEY"]
    for attempt in range(1, attempts + 1):
        wait = random.random() * 0.2 * 2**attempt
        try:
            with urllib.request.urlopen(urllib.request.Request(GATEWAY + path, body, headers), timeout=35) as answer:
                return json.load(answer)
        except OSError as error:  # what the gateway refused, or a connection that could not be made or broke
            refused = isinstance(error, urllib.error.HTTPError)
            if attempt == attempts or (refused and error.code not in (429, 503)):
                raise SystemExit(f"{path}: {error.read().decode() if refused else error}")
            wait += int(error.headers.get("retry-after-ms", 0)) / 1000 if refused else 0
        time.sleep(wait)


desktop, session = Desktop(), uuid.uuid4().hex
for _ in range(10):
    # The gateway remembers the history of a session, so each step sends the task and what is on the screen now.
    app = {"process_name": "WINWORD.EXE", "window_title": "Document1 - Word"}
    seen = {"user_request": TASK, "app": app, "controls": desktop.controls()}
    answer = post("/v1/actions:predict", {"session_id": session, **seen})
    action = answer["action"]
    print(action["function"], action["control_name"], json.dumps(action["args"]), action["status"], flush=True)
    if answer["requires_confirmation"]:
        break  # ask a person first
    if action["function"]:
        error = desktop.execute(action)
        outcome = {"step": answer["step"], "result_status": "failure" if error else "success", "error": error}
        post(f"/v1/episodes/{session}:reportOutcome", outcome)
    if action["status"] != "CONTINUE":
        break
post(f"/v1/episodes/{session}:end", {"outcome": "success" if desktop.bold else "failure"})
print("bold" if desktop.bold else "not bold")
