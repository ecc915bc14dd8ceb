/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.h: what the tests of links, sleep and silent relays share: a connected computer, and what is expected of it. */
#pragma once

#include "tests/lab/leakwatch.h"
#include "tests/lab/world.h"

G_BEGIN_DECLS

#define LINKS_EXIT_APART "198.51.100.13"    /* tests/simulator/known.h: where the relay in Stockholm is in this world */
#define LINKS_EXIT6       "2001:db8:ff::110"    /* and both by IPv6 */
#define LINKS_EXIT_APART6 "2001:db8:ff::113"
#define LINKS_APART_RELAY "udp:" LINKS_EXIT_APART ":51820", "udp:" LINKS_EXIT_APART6 ":51820"    /* for a watcher */

AditWorld *links_new_world        (AditWorldFlags flags);
void       links_run              (const char *space, const char *line);
void       links_fail             (AditWorld *world, const char *what) G_GNUC_NORETURN;
char      *links_dup_member       (AditWorld *world, const char *name);
char      *links_dup_since        (AditWorld *world);
char      *links_dup_server       (AditWorld *world);
void       links_expect_state     (AditWorld *world, const char *state, const char *reason);
void       links_expect_connected (AditWorld *world);
void       links_keep_busy        (AditWorld *world);
void       links_silence          (AditWorld *world);
void       links_end_silence      (void);

G_END_DECLS
