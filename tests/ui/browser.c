/* SPDX-License-Identifier: GPL-2.0-or-later */
/* browser.c: Alice's browser: writes down which page it was sent to, and gets the one on which somebody signs in.  Whoever sits
 * there is known to the service already. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIST        "/run/adit-display/home/pages"
#define CERTIFICATE "/etc/adit/lab-ca.pem"
#define SIGN_IN     "https://app.mysteriumvpn.com/oauth/"

int
main (int argc, char **argv)
{
  FILE *list = argc == 2 ? fopen (LIST, "a") : NULL;

  if (list == NULL)
    return 1;
  fprintf (list, "%s\n", argv[1]);
  fclose (list);
  /* Only when the test says so: a person takes their time. */
  while (strncmp (argv[1], SIGN_IN, strlen (SIGN_IN)) == 0 && access (LIST ".go", F_OK) != 0)
    usleep (50000);
  if (strncmp (argv[1], SIGN_IN, strlen (SIGN_IN)) != 0)
    return 0;
  execlp ("curl", "curl", "-sSf", "--cacert", CERTIFICATE, "--max-time", "5", "-o", "/dev/null", argv[1], (char *) NULL);
  return 1;
}
