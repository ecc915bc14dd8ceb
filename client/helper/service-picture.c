/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-picture.c: ReadPicture.  The picture goes to a worker and its words come back, both unread. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  g_autoptr (AditImported) words = adit_importer_ask_finish (ADIT_IMPORTER (source), result, &error);
  g_autoptr (GUnixFDList) fds = NULL;

  if (words == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  fds = g_unix_fd_list_new_from_array (&words->lines_fd, 1);
  words->lines_fd = -1;
  adit_dbus_adit1_complete_read_picture (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
}

static void
work_read_picture (AditCall *call)
{
  int fd = call->fd;

  call->fd = -1;
  adit_importer_read_picture_async (call->service->parts.importer, fd, on_read, call);
}

static gboolean
on_read_picture (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *picture,
                 GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_read_picture);

  if (adit_call_take_fd (call, fds, picture))
    adit_call_authorise (call, "ReadPicture", NULL);
  return TRUE;
}

/**
 * adit_service_connect_picture_methods:
 * @service: the service
 *
 * Answers the method of this file.
 */
void
adit_service_connect_picture_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-read-picture", G_CALLBACK (on_read_picture), service);
}
