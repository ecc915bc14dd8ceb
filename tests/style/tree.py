# SPDX-License-Identifier: GPL-2.0-or-later
"""What the checks of style share: the files of the source, C without its comments, and TAP."""
import os
import pathlib
import re
import subprocess

TEXT = (".c", ".h", ".py", ".md", ".txt", ".in", ".build", ".xml", ".conf", ".policy", ".service", ".sh")
C_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def list_files(root):
    """Paths below root, as git knows them (also new ones); without git, whatever is not a build folder."""
    root = pathlib.Path(root)
    git = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                         capture_output=True, text=True, check=False) if (root / ".git").exists() else None
    if git is not None and git.returncode == 0:
        names = sorted(set(git.stdout.split("\0")) - {""})
        return [name for name in names if (root / name).is_file()]
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in (".git", "__pycache__") and not f.startswith("build")]
        names += [str((pathlib.Path(folder) / f).relative_to(root)) for f in files]
    return sorted(names)


def read(root, name):
    """The text of a file, or None where it is not text."""
    try:
        return (pathlib.Path(root) / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def strip_comments(text, strings=False):
    """C without comments, and without what is inside of strings if wished; lines keep their numbers."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + " " * (len(token) - 2) + token[0] if strings else token
    return C_TOKEN.sub(blank, text)


class Tap:
    def __init__(self):
        self.n = self.n_failed = 0

    def case(self, name, problems):
        """One case: passed if nothing is wrong."""
        self.n += 1
        self.n_failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.n} - {name}")
        for problem in problems:
            print(f"#   {problem}")

    def skip(self, name, reason):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {reason}")

    def samples(self, find, table):
        """That a check can fail: find(sample) has to find something in every bad one and nothing in a good one."""
        self.case(find.__name__ + " finds what it should",
                  [f"{'missed' if bad else 'wrongly blamed'}: {sample!r}" for sample, bad in table if bool(find(*sample)) != bad])

    def end(self):
        print(f"1..{self.n}", flush=True)
        return 1 if self.n_failed else 0
