/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox.h: a worker shuts every door behind itself before it reads its first byte from anyone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_SANDBOX_PROVIDER = 0,    /* one inherited socket; descriptors arrive over it; no file, no new socket, no exec */
  ADIT_SANDBOX_OPENVPN,         /* the same; it lives as long as its tunnel */
  ADIT_SANDBOX_IMPORT,          /* the same, and nothing that only sockets of others need; less memory */
  ADIT_SANDBOX_REPORT,          /* as PROVIDER */
} AditSandboxRole;

typedef struct
{
  gboolean seccomp;
  int      landlock_abi;       /* 0: this kernel has none; diagnostics say so */
} AditSandboxReport;

/* Everything that needs a file (certificates, locale, resolver configuration) must be done before.  Fails closed: on an
 * error the caller exits. */
gboolean adit_sandbox_enter (AditSandboxRole role, AditSandboxReport *report, GError **error);

/* For diagnostics, without entering anything. */
guint    adit_sandbox_get_landlock_abi (void);

G_END_DECLS
