/* SPDX-License-Identifier: GPL-2.0-or-later */
/* error.c: gives the error domain its name. */
#include "client/base/error.h"

/**
 * adit_error_quark:
 *
 * Returns: the domain of every error that Adit raises itself
 */
G_DEFINE_QUARK (adit-error-quark, adit_error)
