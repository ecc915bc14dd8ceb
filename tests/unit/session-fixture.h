/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-fixture.h: what the tests of the session have in common. */
#pragma once

#include "client/core/session.h"
#include "platform/fake/fake-dns.h"
#include "platform/fake/fake-firewall.h"
#include "platform/fake/fake-network.h"
#include "platform/fake/fake-route.h"
#include "platform/fake/fake-tunnel.h"

G_BEGIN_DECLS

/* Answers at the next turn of the main loop, or fails. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject  parent_instance;
  GError  *error;
  guint    n_asked;
  AditTunnelKind kind;
  gboolean is_nested;
  gboolean is_untrusted;
  gboolean foresees;       /* it knows what it is going to offer */
  const char *blocking;    /* (nullable): the resolver that leaves out what is to be left out */
  char     avoid[ADIT_SERVER_MAX_BYTES];
};

typedef struct
{
  GPtrArray        *log;
  AditFakeFirewall *firewall;
  AditFakeRoute    *route;
  AditFakeNetwork  *network;
  AditFakeTunnel   *tunnel;
  AditFakeDns      *dns;
  TestSource       *source;
  AditPlatform      platform;
  AditSession      *session;
} Fixture;

extern const AditWish session_nothing, session_wish;

void session_set_up                (Fixture *f, gconstpointer data);
void session_tear_down             (Fixture *f, gconstpointer data);
void session_shake_hands           (Fixture *f);
void session_settle                (void);
void session_wait_for              (Fixture *f, AditState state);
void session_wait_for_offers       (Fixture *f, guint n);
void session_assert_order          (Fixture *f, const char *const *lines);
void session_start_disconnected    (Fixture *f);
void session_start_connected       (Fixture *f);
void session_start_connected_again (Fixture *f);
void session_start_openvpn         (Fixture *f, const char *address, const char *resolver);

/* Are these lines in the log, in this order, with anything between them? */
#define ASSERT_ORDER(f, ...) session_assert_order (f, (const char *const[]) { __VA_ARGS__, NULL })

G_END_DECLS
