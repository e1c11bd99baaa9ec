/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request, one answer: the seam between the runner and the network. A transport is one function and
 * whatever stands behind it; http_transport() is the real one (libcurl, in http.c and nowhere else), tests
 * put others around it.
 *
 * Promises of the real one (DESIGN 9, QUALITY S6): https only unless its caller was told otherwise (plain), TLS 1.2 or later, the certificate always
 * verified, no switch to turn that off; no redirect is followed; one connection is kept; request bodies above
 * 1 KiB travel gzipped; answers are bounded while they arrive; a request whose body has begun to leave is
 * never repeated by the transport itself.
 */
#ifndef SYNC_HTTP_H
#define SYNC_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define HTTP_GZIP_FROM 1024
#define HTTP_ANSWER_MAX (4u << 20) /* an answer longer than this is no answer of ours */
#define HTTP_TIMEOUT_MS 60000

struct http_request {
	const char *method; /* "GET", "HEAD", "POST" or "PATCH" */
	const char *path;   /* "/v1/changes?cursor=17" */
	const char *body;   /* JSON, for PATCH bytes as they are; NULL for GET and HEAD */
	size_t body_bytes;
	bool form; /* the body is a form and goes as it is; else JSON, gzipped when long */
	int64_t offset; /* PATCH: where in the content the body belongs (head Upload-Offset) */
};

struct http_answer {
	int status;		/* 0: no answer came */
	char content_type[64];	/* lower case, without parameters */
	int64_t retry_after_ms; /* 0: the platform named no time */
	int64_t date_ms;	/* the answerer's clock, to the second; 0: it did not say */
	int64_t offset;		/* head Upload-Offset; -1: none */
	bool may_have_left; /* the platform may have received the request: its outcome is unknown unless the
			       answer tells */
	const char *cause; /* static: what kept an answer from coming: "dns", "refused", "timeout", "tls", "proxy", "cut"; "" */
	struct buf body;    /* released by http_answer_release() */
};
void http_answer_init(struct http_answer *a);
void http_answer_release(struct http_answer *a); /* wipes: answers name people */
/* One line of an answer's head, n bytes, as it came: what is known and makes sense is noted in *a, nothing else. Pure but for the clock. */
void http_read_head(struct http_answer *a, const char *line, size_t n);

struct transport {
	void *self;
	/* 0: an HTTP answer came, whatever its status. -1: none; *e says why (ERR_NET_OFFLINE, ERR_NET_TLS,
	 * ERR_NET_PROXY, ERR_NET_ANSWER), and a->may_have_left whether the platform may have the request all
	 * the same. */
	int (*call)(void *self, const struct http_request *q, struct http_answer *a, struct err *e);
};

struct http;
struct http_options {
	const char *base_url; /* "https://host[:port][/prefix]"; anything else is ERR_NET_NOT_CONFIGURED */
	const char *token;    /* bearer token; kept in wiped memory */
	const char *ca_file;  /* PEM; NULL or "": the system's certificates */
	long timeout_ms;      /* of a whole request; 0: HTTP_TIMEOUT_MS */
	bool anonymous;		  /* no token: the body says who calls (open.api, enrolling) */
	bool plain;		  /* http:// is let through too; never a fallback, https stays https */
	bool (*go_on)(void *arg); /* asked about once a second while waiting; false gives the request up. May
				     be NULL */
	void *go_on_arg;
};
struct http_stats {
	int64_t requests, connections, bytes_out, bytes_in;
}; /* heads and bodies as they travelled; TLS not counted */

int http_open(struct http **out, const struct http_options *options, struct err *e);
void http_close(struct http *h);
struct transport http_transport(struct http *h); /* valid until http_close() */
struct http_stats http_stats(const struct http *h);

/* What an answer's head means for the run, before anybody looks into the body. */
enum fate {
	FATE_READ,     /* 2xx with JSON: read it */
	FATE_NOT_SENT, /* refused as a whole at the door: the platform has none of it */
	FATE_UNKNOWN,  /* the platform may have acted: look up */
	FATE_SPLIT,    /* too large or not understood as a whole: halve it; a single one is refused */
	FATE_ABSENT    /* 404 */
};
/* Global trouble is *trouble (ERR_NONE for FATE_READ, FATE_SPLIT and FATE_ABSENT). Pure; one table. */
enum fate http_fate(const struct http_answer *a, enum err_code *trouble);

#endif
