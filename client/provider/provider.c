/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider.c: the table of adapters, one row a service, and what all tasks have in common. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/provider/repeats.h"

static const AditProviderOps *const adapters[] = {
  &adit_provider_mullvad,
  &adit_provider_ivpn,
  &adit_provider_ovpn,
  &adit_provider_mysterium,
};

/**
 * adit_provider_find:
 * @service: a service's id
 *
 * Returns: (transfer none) (nullable): its adapter
 */
const AditProviderOps *
adit_provider_find (const char *service)
{
  for (gsize i = 0; i < G_N_ELEMENTS (adapters); i++)
    if (g_strcmp0 (adapters[i]->id, service) == 0)
      return adapters[i];
  return NULL;
}

/**
 * adit_provider_get_error:
 * @status: of an answer that is no success and says nothing else that has a meaning of its own
 *
 * Returns: what HTTP says of it (RFC 9110, section 15; RFC 6585, sections 4 and 6)
 */
AditError
adit_provider_get_error (guint status)
{
  if (status < 400)
    return ADIT_ERROR_SERVICE_NONSENSE;    /* the services send nobody elsewhere */
  if (status == 429)
    return ADIT_ERROR_TOO_MANY_REQUESTS;
  if (status == 405 || status == 501)
    return ADIT_ERROR_NOT_UNDERSTOOD;
  if (status == 511)
    return ADIT_ERROR_SERVICE_UNTRUSTED;    /* of a network that wants a sign-in, and never of who was asked */
  return status >= 500 ? ADIT_ERROR_SERVICE_FAILED : ADIT_ERROR_SERVICE_REFUSED;
}

/**
 * adit_provider_task_new:
 * @ops: a service's adapter
 * @request: what is wanted; copied, but what it points to must outlive the task
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED when the credential cannot be one of that service
 *
 * Returns: (transfer full) (nullable): a task that has asked for nothing yet
 */
AditProviderTask *
adit_provider_task_new (const AditProviderOps *ops, const AditProviderRequest *request, GError **error)
{
  g_autoptr (AditProviderTask) self = g_new0 (AditProviderTask, 1);

  self->ops = ops;
  self->service = adit_service_find (ops->id);
  self->request = *request;
  if (self->service == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no service called \"%s\"", ops->id);
      return NULL;
    }
  if (request->token != NULL)
    self->token = adit_secret_ref (request->token);
  if ((ops->wants & 1u << request->want) == 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED, "%s has no such thing", self->service->name);
      return NULL;
    }
  if (!ops->start (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * adit_provider_task_free:
 * @self: (transfer full): a task
 */
void
adit_provider_task_free (AditProviderTask *self)
{
  g_clear_pointer (&self->result.list, g_bytes_unref);
  g_clear_pointer (&self->result.question.picture, g_bytes_unref);
  g_clear_pointer (&self->result.credential, adit_secret_unref);
  g_clear_pointer (&self->result.openvpn_username, adit_secret_unref);
  g_clear_pointer (&self->result.openvpn_password, adit_secret_unref);
  g_clear_pointer (&self->result.preshared_key, adit_secret_unref);
  g_free (self->result.devices);
  g_clear_pointer (&self->credential, adit_secret_unref);
  g_clear_pointer (&self->token, adit_secret_unref);
  g_clear_pointer (&self->fresh_token, adit_secret_unref);
  g_free (self);
}

/**
 * adit_provider_task_next:
 * @self: a task that is not done
 * @http: (out caller-allocates): the request to make; clear it afterwards
 * @error: return location
 *
 * Returns: %TRUE with a request in @http
 */
gboolean
adit_provider_task_next (AditProviderTask *self, AditHttpRequest *http, GError **error)
{
  *http = (AditHttpRequest) { .host = self->service->api_host };
  g_return_val_if_fail (!self->is_done, FALSE);
  return self->ops->next (self, http, error);
}

static gboolean
repeats (AditProviderTask *self, const char *text)
{
  AditSecret *const sent[] = { self->request.credential, self->credential, self->request.token, self->token, self->fresh_token,
                               self->request.voucher, self->request.captcha, self->request.code };

  for (gsize i = 0; i < G_N_ELEMENTS (sent); i++)
    if (adit_repeats_secret (text, sent[i]))
      return TRUE;
  return FALSE;
}

/**
 * adit_provider_task_answer:
 * @self: a task whose request was made
 * @answer: what came back
 * @error: return location; any of the codes about services, accounts and devices
 *
 * Afterwards the task either is done, and has its result, or wants another request.  What the service says back of what was sent
 * is in neither @error nor a question.
 *
 * Returns: %FALSE when the task has failed
 */
gboolean
adit_provider_task_answer (AditProviderTask *self, const AditHttpAnswer *answer, GError **error)
{
  GError *local = NULL;

  g_return_val_if_fail (!self->is_done, FALSE);
  if (self->ops->answer (self, answer, &local))
    {
      if (self->result.question.kind != ADIT_QUESTION_BROWSER && repeats (self, self->result.question.text))
        memset (self->result.question.text, 0, sizeof self->result.question.text);
      return TRUE;
    }
  if (repeats (self, local->message))
    {
      adit_wipe (local->message, strlen (local->message));
      g_free (local->message);
      local->message = g_strdup ("The service answered with an error, and with what was sent to it");
    }
  g_propagate_error (error, local);
  return FALSE;
}
