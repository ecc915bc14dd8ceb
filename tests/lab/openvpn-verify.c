/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-verify.c: who may come in, for the auth-user-pass-verify of the lab's servers (openvpn(8)).
 * usage: lab-openvpn-verify FILE, which has the user in one line and what he says in the next; 0 lets him in, 1 does not.  A
 * reason for the client goes into the file that auth_failed_reason_file names. */
#include "tests/lab/openvpn-exit.h"

#include <string.h>

#define QUESTION "Enter the code"

static gboolean
says (const char *what, const char *wanted)
{
  return g_strcmp0 (what, wanted) == 0;
}

/* A base64 word, as text. */
static char *
decode (const char *word)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (word, &length);

  return g_strndup ((char *) bytes, length);
}

static int
refuse (const char *reason)
{
  const char *file = g_getenv ("auth_failed_reason_file");

  if (reason != NULL && file != NULL)
    g_file_set_contents (file, reason, -1, NULL);
  return 1;
}

/* SCRV1:PASSWORD:CODE, both in base64 (OpenVPN's doc/management-notes.txt, "Challenge/Response Protocol"). */
static int
verify_static (const char *said)
{
  g_auto (GStrv) parts = g_strsplit (said, ":", -1);
  g_autofree char *password = NULL, *code = NULL;

  if (g_strv_length (parts) != 3 || !says (parts[0], "SCRV1"))
    return refuse (NULL);
  password = decode (parts[1]);
  code = decode (parts[2]);
  return says (password, ADIT_LAB_OVPN_PASSWORD) && says (code, ADIT_LAB_OVPN_CODE) ? 0 : refuse (NULL);
}

/* The password is answered with CRV1:FLAGS:STATE:USER:QUESTION; the next time it is CRV1::STATE::CODE. */
static int
verify_dynamic (const char *user, const char *said)
{
  g_autofree char *user64 = g_base64_encode ((const guchar *) user, strlen (user));
  g_autofree char *question = g_strdup_printf ("CRV1:R,E:state77:%s:" QUESTION, user64);

  if (says (said, "CRV1::state77::" ADIT_LAB_OVPN_CODE))
    return 0;
  return refuse (says (said, ADIT_LAB_OVPN_PASSWORD) ? question : NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (argc != 2 || !g_file_get_contents (argv[1], &text, NULL, NULL))
    return 1;
  lines = g_strsplit (text, "\n", -1);
  if (g_strv_length (lines) < 2)
    return 1;
  if (says (lines[0], ADIT_LAB_OVPN_USER))
    return says (lines[1], ADIT_LAB_OVPN_PASSWORD) ? 0 : refuse (NULL);
  if (says (lines[0], ADIT_LAB_OVPN_STATIC))
    return verify_static (lines[1]);
  if (says (lines[0], ADIT_LAB_OVPN_DYNAMIC))
    return verify_dynamic (lines[0], lines[1]);
  if (says (lines[0], ADIT_LAB_OVPN_EXPIRED))
    return refuse ("Your account has expired");
  if (says (lines[0], ADIT_LAB_OVPN_BUSY))
    return refuse ("TEMP[backoff 7,advance no]:The server is full");
  return refuse (NULL);
}
