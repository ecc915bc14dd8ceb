/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lossy-nft.c: loaded before libnftables, it plays a kernel that takes a transaction of ours and silently leaves out one rule:
 * the first line that contains $ADIT_LOSSY_NFT. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct nft_ctx;

int nft_run_cmd_from_buffer (struct nft_ctx *nft, const char *buffer);

static char *lost;

/* Before main(): the helper clears its environment. */
static void __attribute__ ((constructor))
remember (void)
{
  const char *text = getenv ("ADIT_LOSSY_NFT");

  lost = text != NULL ? strdup (text) : NULL;
}

int
nft_run_cmd_from_buffer (struct nft_ctx *nft, const char *buffer)
{
  int (*real) (struct nft_ctx *nft, const char *buffer);
  const char *found, *end;
  char *text;
  int rc;

  *(void **) &real = dlsym (RTLD_NEXT, "nft_run_cmd_from_buffer");
  found = lost != NULL && strncmp (buffer, "list", 4) != 0 ? strstr (buffer, lost) : NULL;
  if (found == NULL)
    return real (nft, buffer);
  while (found > buffer && found[-1] != '\n')
    found--;
  end = strchr (found, '\n');
  text = strdup (buffer);
  if (text == NULL || end == NULL)
    abort ();
  memmove (text + (found - buffer), end + 1, strlen (end + 1) + 1);
  rc = real (nft, text);
  free (text);
  return rc;
}
