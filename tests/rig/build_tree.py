# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees of Debian in which Adit can be built, kept in build/rig; what is built there sees no network and leaves nothing in them."""
import pathlib
import re
import shutil
import subprocess
import sys

import debian

NOBODY = 65534
ALONE = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
DROP = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
# Where packages are built there is always a loopback and a /dev/shm, and unit tests use both.
LOOP = 'ip link set lo up && '
STAY = LOOP + 'exec "$@"'
# On a layer of its own, so that the tree stays as it was.
ENTER = (LOOP +
         'mount -t tmpfs tmpfs "$2" && mkdir "$2/upper" "$2/below" "$2/top" && '
         'mount -t overlay overlay -o lowerdir="$1",upperdir="$2/upper",workdir="$2/below" "$2/top" && '
         'mkdir -p "$2/top/build" && mount --bind "$3" "$2/top/build" && mount -t proc proc "$2/top/proc" && '
         'mount --bind /dev "$2/top/dev" && mount -t tmpfs -o mode=1777 tmpfs "$2/top/dev/shm" && cd "$2/top" && inside=$4 && shift 4 && '
         'exec chroot . sh -c \'cd "$1" && shift && exec "$@"\' sh "$inside" "$@"')
PLACE = pathlib.Path("/build")


def list_build_depends(source):
    """What a tree for the build gets: Build-Depends, the first of each choice that a release has is apt's to find."""
    control = (source / "packaging/debian/control").read_text(encoding="utf-8")
    field = re.search(r"^Build-Depends:\n((?: .*\n)+)", control, re.M)[1]
    return [re.sub(r" *[(<].*", "", entry.strip().rstrip(",").split("|")[-1 if "systemd" in entry else 0]).strip()
            for entry in field.splitlines() if "debhelper-compat" not in entry and "dh-sequence" not in entry] + ["debhelper"]


def find(source, release):
    """A tree of this release in which the packages can be built, made at the first time."""
    packages = sorted({*list_build_depends(source), "build-essential", "ninja-build"} - {"systemd"})
    if release != "bookworm":
        packages.append("systemd-dev")
    place, wanted = source / "build/rig" / f"debian-build-{release}", " ".join(packages)
    stamp = place / "complete"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"a tree of Debian {release} for the build is made, which takes minutes", file=sys.stderr, flush=True)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        debian.make_root(place / "root", release, packages)
        stamp.write_text(wanted, encoding="utf-8")
    return place / "root"


def run(tree, work, cwd, argv, out):
    """Runs argv as nobody and without a network, in the folder cwd of work, which is PLACE in there; beside work a layer is put.

    Without a tree it is on this computer.  Returns how it ended."""
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(work)], check=True)
    if tree is None:
        command, cwd = [*ALONE, "sh", "-c", STAY, "sh", *DROP, *argv], work / cwd
    else:
        scratch = work.parent / (work.name + "-layer")
        scratch.mkdir(exist_ok=True)
        command, cwd = [*ALONE, "sh", "-c", ENTER, "sh", str(tree), str(scratch), str(work), str(PLACE / cwd), *DROP, *argv], "/"
    return subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
