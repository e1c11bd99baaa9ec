/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/certs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "base/uid.h"

#define DAY 86400
#define CA_DAYS 3650
#define SERVER_DAYS 825 /* what browsers and curl builds accept at most */

static int tls_err(struct err *e, int code, const char *what)
{
	return err_set(e, ERR_SYSTEM, "%s: %s", what, gnutls_strerror(code));
}

static int new_key(gnutls_x509_privkey_t *out, struct err *e)
{
	gnutls_x509_privkey_t key;
	int bad = gnutls_x509_privkey_init(&key);

	if (bad)
		return tls_err(e, bad, "key");
	bad = gnutls_x509_privkey_generate(key, GNUTLS_PK_EC,
					   GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (bad) {
		gnutls_x509_privkey_deinit(key);
		return tls_err(e, bad, "key");
	}
	*out = key;
	return 0;
}

/* What both certificates share: a random serial, a name, from yesterday (clocks differ) for so many days. */
static int start_certificate(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key, const char *name, int days,
			     struct err *e)
{
	unsigned char serial[16], id[20];
	size_t id_n = sizeof(id);
	time_t now = time(NULL);
	gnutls_x509_crt_t c;
	int bad = gnutls_x509_crt_init(&c);

	if (bad)
		return tls_err(e, bad, "certificate");
	random_bytes(serial, sizeof(serial));
	serial[0] &= 0x7F;
	bad = gnutls_x509_crt_set_version(c, 3);
	bad = bad ? bad : gnutls_x509_crt_set_serial(c, serial, sizeof(serial));
	bad = bad ? bad : gnutls_x509_crt_set_activation_time(c, now - DAY);
	bad = bad ? bad : gnutls_x509_crt_set_expiration_time(c, now + (time_t)days * DAY);
	bad = bad ? bad
		  : gnutls_x509_crt_set_dn_by_oid(c, GNUTLS_OID_X520_COMMON_NAME, 0, name,
						  (unsigned)strlen(name));
	bad = bad ? bad : gnutls_x509_crt_set_key(c, key);
	bad = bad ? bad : gnutls_x509_crt_get_key_id(c, 0, id, &id_n);
	bad = bad ? bad : gnutls_x509_crt_set_subject_key_id(c, id, id_n);
	if (bad) {
		gnutls_x509_crt_deinit(c);
		return tls_err(e, bad, "certificate");
	}
	*out = c;
	return 0;
}

static int sign(gnutls_x509_crt_t c, gnutls_x509_crt_t by, gnutls_x509_privkey_t key, struct err *e)
{
	int bad = gnutls_x509_crt_sign2(c, by, key, GNUTLS_DIG_SHA256, 0);

	return bad ? tls_err(e, bad, "signing") : 0;
}

static int make_ca(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key, struct err *e)
{
	gnutls_x509_crt_t c;
	char name[64];
	unsigned char some[4];
	int bad;

	random_bytes(some, sizeof(some));
	text_format(name, sizeof(name), "shiming reference platform CA %02x%02x%02x%02x", some[0], some[1],
		    some[2], some[3]);
	if (start_certificate(&c, key, name, CA_DAYS, e))
		return -1;
	bad = gnutls_x509_crt_set_basic_constraints(c, 1, 0);
	bad = bad ? bad : gnutls_x509_crt_set_key_usage(c, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
	if (bad)
		tls_err(e, bad, "authority");
	if (bad || sign(c, c, key, e)) {
		gnutls_x509_crt_deinit(c);
		return -1;
	}
	*out = c;
	return 0;
}

static int add_name(gnutls_x509_crt_t c, const char *name)
{
	unsigned char address[16];
	int n = inet_pton(AF_INET, name, address) == 1 ? 4 : inet_pton(AF_INET6, name, address) == 1 ? 16 : 0;

	if (n)
		return gnutls_x509_crt_set_subject_alt_name(c, GNUTLS_SAN_IPADDRESS, address, (unsigned)n,
							    GNUTLS_FSAN_APPEND);
	return gnutls_x509_crt_set_subject_alt_name(c, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
						    GNUTLS_FSAN_APPEND);
}

static int make_server(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key, const char *const *names, size_t n,
		       struct err *e)
{
	static const char *const always[] = {"localhost", "127.0.0.1", "::1"};
	gnutls_x509_crt_t c;
	int bad = 0;

	if (start_certificate(&c, key, n ? names[0] : "localhost", SERVER_DAYS, e))
		return -1;
	for (size_t i = 0; !bad && i < ARRAY_LEN(always); i++)
		bad = add_name(c, always[i]);
	for (size_t i = 0; !bad && i < n; i++)
		bad = add_name(c, names[i]);
	bad = bad ? bad : gnutls_x509_crt_set_basic_constraints(c, 0, -1);
	bad = bad ? bad : gnutls_x509_crt_set_key_usage(c, GNUTLS_KEY_DIGITAL_SIGNATURE);
	bad = bad ? bad : gnutls_x509_crt_set_key_purpose_oid(c, GNUTLS_KP_TLS_WWW_SERVER, 0);
	if (bad) {
		gnutls_x509_crt_deinit(c);
		return tls_err(e, bad, "server certificate");
	}
	*out = c;
	return 0;
}

static int write_file(const char *dir, const char *name, const gnutls_datum_t *data, struct err *e)
{
	char path[4096];
	int fd, last;

	if (!text_format(path, sizeof(path), "%s/%s", dir, name))
		return err_set(e, ERR_TOO_LARGE, "%s", dir);
	unlink(path); /* a new file, whatever rights an old one had */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, path);
	last = io_write_all(fd, data->data, data->size, e);
	if (close(fd) && !last)
		last = err_errno(e, path);
	return last;
}

static int write_certificate(const char *dir, const char *name, gnutls_x509_crt_t c, struct err *e)
{
	gnutls_datum_t pem = {0};
	int bad = gnutls_x509_crt_export2(c, GNUTLS_X509_FMT_PEM, &pem), last;

	if (bad)
		return tls_err(e, bad, name);
	last = write_file(dir, name, &pem, e);
	gnutls_free(pem.data);
	return last;
}

static int write_key(const char *dir, const char *name, gnutls_x509_privkey_t key, struct err *e)
{
	gnutls_datum_t pem = {0};
	int bad = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem),
	    last;

	if (bad)
		return tls_err(e, bad, name);
	last = write_file(dir, name, &pem, e);
	wipe(pem.data, pem.size);
	gnutls_free(pem.data);
	return last;
}

int certs_make(const char *dir, const char *const *names, size_t n, struct err *e)
{
	gnutls_x509_privkey_t ca_key = NULL, key = NULL;
	gnutls_x509_crt_t ca = NULL, server = NULL;
	int last = -1;

	if (new_key(&ca_key, e) || make_ca(&ca, ca_key, e) || new_key(&key, e) ||
	    make_server(&server, key, names, n, e) || sign(server, ca, ca_key, e))
		goto out;
	last = write_key(dir, CERTS_KEY, key, e) || write_certificate(dir, CERTS_SERVER, server, e) ||
			       write_certificate(dir, CERTS_CA, ca, e)
		       ? -1
		       : 0;
out:
	if (server)
		gnutls_x509_crt_deinit(server);
	if (ca)
		gnutls_x509_crt_deinit(ca);
	if (key)
		gnutls_x509_privkey_deinit(key);
	if (ca_key)
		gnutls_x509_privkey_deinit(ca_key);
	return last;
}
