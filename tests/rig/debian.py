# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian of one's own in a folder, by mmdebstrap; nothing is installed on the computer."""
import os
import pathlib
import subprocess
import sys


def ask(*argv):
    return subprocess.run(argv, check=True, text=True, stdout=subprocess.PIPE).stdout


def release():
    """The code name of this system."""
    for line in pathlib.Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.split("=", 1)[1].strip('"')
    raise RuntimeError("/etc/os-release does not name a release")


def apt_sources(codename):
    """Where this computer takes the distribution's packages from, and nobody else's; another release is at the same place."""
    fields = "$(ORIGIN)|$(CODENAME)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    found = []
    for line in ask("apt-get", "indextargets", "--format", fields, "Created-By: Packages").splitlines():
        origin, name, uri, suite, component = line.split("|")
        here = name.split("-")[0]
        source = f"deb {uri} {codename + suite.removeprefix(here)} {component}"
        if origin == "Debian" and here == release() and source not in found:
            found.append(source)
    if not found:
        raise RuntimeError(f"apt knows no source of Debian {release()}; run apt-get update first")
    return "\n".join(found) + "\n"


def proxies():
    """The outer apt's proxies, which the inner one does not read."""
    return [f"--aptopt={line}" for line in ask("apt-config", "dump", "--no-empty", "Acquire").splitlines() if "::Proxy" in line]


def make_root(root, codename, packages, options=()):
    """Installs these packages, and what they need, into the new folder root."""
    # In namespaces of its own, so that all of it goes at once when this program is killed, with what it mounted.
    alone = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    path = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run([*alone, "mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", '--aptopt=Apt::Install-Recommends "false"',
                    *proxies(), *options, "--include=" + ",".join(packages), codename, str(root)],
                   input=apt_sources(codename), text=True, check=True, stdout=sys.stderr, env=path)
