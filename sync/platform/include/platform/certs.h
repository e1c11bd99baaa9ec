/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fresh certificate authority and one server certificate signed by it (GnuTLS, certs.c only). The
 * authority's own key is never written: with it gone nothing else can be signed; renewing makes a new
 * authority.
 */
#ifndef PLATFORM_CERTS_H
#define PLATFORM_CERTS_H

#include <stddef.h>

#include "base/err.h"

#define CERTS_CA "ca.pem" /* for the clients */
#define CERTS_SERVER "server.pem"
#define CERTS_KEY "server.key"

/* For 127.0.0.1, ::1, localhost and the names or addresses given. EC P-256; files 0600. */
int certs_make(const char *dir, const char *const *names, size_t n, struct err *e);

#endif
