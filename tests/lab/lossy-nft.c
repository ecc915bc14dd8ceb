/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lossy-nft.c: loaded before libnftables, it plays a kernel that takes a transaction of ours and silently leaves out one rule:
 * the first line that contains $ADIT_LOSSY_NFT, or what a test says that is linked with it. */
#include "tests/lab/lossy-nft.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct nft_ctx;

int nft_run_cmd_from_buffer (struct nft_ctx *nft, const char *buffer);

static char *lost;
static unsigned int listings;

/* Before main(): the helper clears its environment. */
static void __attribute__ ((constructor))
remember (void)
{
  const char *text = getenv ("ADIT_LOSSY_NFT");

  lost = text != NULL ? strdup (text) : NULL;
}

/**
 * lossy_nft_lose:
 * @text: (nullable): the first line with it is left out of each transaction from now on; %NULL: none is
 */
void
lossy_nft_lose (const char *text)
{
  free (lost);
  lost = text != NULL ? strdup (text) : NULL;
}

/**
 * lossy_nft_get_listings:
 *
 * Returns: how often libnftables has been asked what is in force
 */
unsigned int
lossy_nft_get_listings (void)
{
  return listings;
}

int
nft_run_cmd_from_buffer (struct nft_ctx *nft, const char *buffer)
{
  int (*real) (struct nft_ctx *nft, const char *buffer);
  const char *found, *end;
  char *text;
  int rc;

  *(void **) &real = dlsym (RTLD_NEXT, "nft_run_cmd_from_buffer");
  listings += strncmp (buffer, "list table inet", 15) == 0;
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
