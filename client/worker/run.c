/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c: one process, one request: look around, prepare, shut every door, listen, serve, forget. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <locale.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/fault.h"
#include "client/base/log.h"
#include "client/report/crash-handler.h"
#include "client/report/modules.h"

#define LAST_RESORT_S 40    /* past every deadline: a worker that still runs is ended by the kernel */

static const AditWorkerRole *const roles[] = {
  &adit_worker_openvpn_role,
  &adit_worker_provider_role,
  &adit_worker_import_role,
  &adit_worker_report_role,
  &adit_worker_picture_role,
};

static const AditWorkerRole *
find_role (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--role"))
    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
      if (g_str_equal (roles[i]->name, argv[2]))
        return roles[i];
  return NULL;
}

/**
 * adit_worker_main:
 * @argc: how many arguments
 * @argv: "adit-worker", "--role", a role's name
 *
 * Returns: the exit status: 0 when the request was answered (with whatever answer), 1 when it could not be, 2 for wrong usage
 */
int
adit_worker_main (int argc, char **argv)
{
  const AditWorkerRole *role = find_role (argc, argv);
  g_autoptr (GError) error = NULL;
  AditSandboxReport report = { 0 };
  AditWorker worker;

  if (role == NULL)
    {
      g_printerr ("adit-worker is started by aditd, with --role and a role's name.\n");
      return 2;
    }
  setlocale (LC_ALL, "C");
  adit_log_init ("adit-worker");
  alarm (LAST_RESORT_S);
  if (!adit_worker_is_confined (&error))
    {
      g_printerr ("%s.\n", error->message);
      return 1;
    }
  if (!adit_crash_handler_install ("adit-worker", ADIT_BUILD_ID, adit_worker_has_note () ? ADIT_WORKER_NOTE : -1, &error))
    {
      g_printerr ("%s.\n", error->message);
      return 1;
    }
  ADIT_CRASH_PREPARE ();
  role->init ();
  adit_modules_refresh ();    /* what that has loaded is there to stay */
  if (!adit_sandbox_enter (role->sandbox, &report, &error))
    {
      g_printerr ("The worker's sandbox cannot be set up: %s\n", error->message);
      return 1;
    }
  if (!adit_worker_receive_request (&worker, ADIT_WORKER_SOCKET, &error) ||
      (ADIT_CRASH_POINT (role->name), !role->serve (&worker, &error)))
    {
      g_debug ("failed: %s", error->message);
      adit_worker_send_failed (&worker, error);
    }
  adit_worker_clear (&worker);
  return 0;
}
