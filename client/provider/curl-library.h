/* SPDX-License-Identifier: GPL-2.0-or-later */
/* curl-library.h: libcurl's functions and those of the OpenSSL that it is linked with, once they are loaded. */
#pragma once

#include <curl/curl.h>
#include <glib.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

G_BEGIN_DECLS

/* What curl.c calls itself, each by its own name.  OpenSSL's headers make macros and inline functions of others, which would be
 * linked: they are written out there. */
#define ADIT_TLS_FUNCTIONS(DO)                                                                                                  \
  DO (OPENSSL_init_ssl) DO (RAND_bytes) DO (CRYPTO_free) DO (EVP_Digest) DO (EVP_sha256) DO (ERR_peek_last_error)              \
  DO (OPENSSL_sk_num) DO (OPENSSL_sk_value) DO (X509_get_X509_PUBKEY) DO (i2d_X509_PUBKEY) DO (X509_verify_cert)               \
  DO (X509_STORE_CTX_get0_cert) DO (X509_STORE_CTX_get0_chain) DO (X509_STORE_CTX_set_error)                                    \
  DO (X509_VERIFY_PARAM_set1_host) DO (X509_VERIFY_PARAM_set_time) DO (X509_VERIFY_PARAM_set_hostflags)                        \
  DO (SSL_ctrl) DO (SSL_get_SSL_CTX) DO (SSL_CTX_ctrl) DO (SSL_CTX_get0_param) DO (SSL_CTX_get_ex_data)                        \
  DO (SSL_CTX_set_ex_data) DO (SSL_CTX_set_info_callback) DO (SSL_CTX_set_msg_callback) DO (SSL_CTX_set_cert_verify_callback)

typedef struct
{
#define ADIT_TLS_MEMBER(function) __typeof__ (function) *function;
  ADIT_TLS_FUNCTIONS (ADIT_TLS_MEMBER)
#undef ADIT_TLS_MEMBER
} AditTlsLibrary;

typedef struct
{
  __typeof__ (curl_global_init)    *global_init;
  __typeof__ (curl_easy_init)      *easy_init;
  __typeof__ (curl_easy_setopt)    *easy_setopt;
  __typeof__ (curl_easy_perform)   *easy_perform;
  __typeof__ (curl_easy_getinfo)   *easy_getinfo;
  __typeof__ (curl_easy_cleanup)   *easy_cleanup;
  __typeof__ (curl_easy_strerror)  *easy_strerror;
  __typeof__ (curl_slist_append)   *slist_append;
  __typeof__ (curl_slist_free_all) *slist_free_all;
  __typeof__ (curl_getdate)        *getdate;
  AditTlsLibrary                    tls;
} AditCurlLibrary;

const AditCurlLibrary *adit_curl_library_load (const char **reason);

G_END_DECLS
