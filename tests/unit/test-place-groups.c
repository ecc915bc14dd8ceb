/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-place-groups.c: somebody searches among ten thousand servers, and asks something of them, while another list arrives: what
 * is shown is of the list that is there, and whoever shows it is told of each change. */
#include "config.h"
#include "ui/place-groups.h"

#include "tests/unit/many-servers.h"
#include "ui/mirror-private.h"

#define N_FORMER 10000
#define N_LATER  12000

/* What a view makes of what it is told. */
typedef struct
{
  AditMirror      *mirror;
  AditPlaceGroups *groups;
  guint            n_rows, n_told;
} Fixture;

static void
on_items_changed (GListModel *rows, guint position, guint removed, guint added, Fixture *f)
{
  g_assert_cmpuint (position + removed, <=, f->n_rows);
  f->n_rows = f->n_rows - removed + added;
  f->n_told++;
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, f->n_rows);
}

/* As the page does it when the mirror has another one. */
static void
arrive (Fixture *f, AditServerList *list)
{
  adit_mirror_take_list (f->mirror, list, NULL);
  adit_place_groups_update (f->groups);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->mirror = adit_mirror_new ();
  f->groups = adit_place_groups_new (f->mirror);
  f->n_rows = g_list_model_get_n_items (adit_place_groups_get_rows (f->groups));
  g_signal_connect (adit_place_groups_get_rows (f->groups), "items-changed", G_CALLBACK (on_items_changed), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (adit_place_groups_get_rows (f->groups), f);
  adit_place_groups_free (f->groups);
  g_object_unref (f->mirror);
}

/* Each letter falls together with a list that arrives; what is found is of the last one. */
static void
test_search (Fixture *f, gconstpointer data)
{
  static const char *const typed[] = { "w", "wg", "wg-", "wg-1", "wg-11", "wg-119", "wg-1199" };
  enum { N_BOTH = 3 };    /* that find something in both lists */

  adit_place_groups_search (f->groups, "wg-0999");
  g_assert_cmpuint (f->n_rows, ==, 0);
  arrive (f, many_servers_new (N_FORMER));
  g_assert_cmpuint (f->n_rows, ==, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      arrive (f, many_servers_new (i % 2 == 0 ? N_LATER : N_FORMER));
      adit_place_groups_search (f->groups, typed[i]);
      g_assert_cmpint (f->n_rows > 0, ==, i % 2 == 0 || i < N_BOTH);
    }
  g_assert_cmpuint (f->n_rows, ==, 10);
  arrive (f, many_servers_new (N_FORMER));
  g_assert_cmpuint (f->n_rows, ==, 0);    /* it has none of that name */
  arrive (f, many_servers_new (N_LATER));
  g_assert_cmpuint (f->n_rows, ==, 10);
  arrive (f, NULL);
  g_assert_cmpuint (f->n_rows, ==, 0);
  g_assert_cmpuint (f->n_told, >, 0);
}

/* What is asked of servers holds for the next list, too. */
static void
test_filter (Fixture *f, gconstpointer data)
{
  guint n_places;

  arrive (f, many_servers_new (N_FORMER));
  n_places = f->n_rows;
  g_assert_cmpuint (n_places, >=, 26 * 26);    /* a row a country */
  adit_place_groups_search (f->groups, "wg-0999");
  f->mirror->choice.servers.filter.ownership = ADIT_OWNED_ONLY;
  adit_place_groups_update (f->groups);
  g_assert_cmpuint (f->n_rows, ==, 10 / MANY_SERVERS_OWNED);
  arrive (f, many_servers_new (N_LATER));
  g_assert_cmpuint (f->n_rows, ==, 10 / MANY_SERVERS_OWNED);
  f->mirror->choice.servers.filter.ownership = ADIT_OWNED_OR_RENTED;
  adit_place_groups_update (f->groups);
  g_assert_cmpuint (f->n_rows, ==, 10);
  adit_place_groups_search (f->groups, "");
  g_assert_cmpuint (f->n_rows, ==, n_places);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/place-groups/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/place-groups/filter", Fixture, NULL, set_up, test_filter, tear_down);
  return g_test_run ();
}
