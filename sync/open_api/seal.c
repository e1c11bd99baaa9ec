/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cipher that the interface prescribes. A fixed IV makes equal texts equal: that is the standard's
 * choice, not ours. */
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "domain/base64.h"
#include "open_api/envelope.h"

#define BLOCK 16
#define SEALED_MOST 4096 /* bytes of one field */

static const EVP_CIPHER *cipher_of(const char *secret)
{
	switch (strlen(secret)) {
	case 16:
		return EVP_aes_128_cbc();
	case 24:
		return EVP_aes_192_cbc();
	case 32:
		return EVP_aes_256_cbc();
	default:
		return NULL;
	}
}

/* direction 1 seals, 0 opens. out has room for n + BLOCK bytes. */
static int turn(const char *secret, int direction, const unsigned char *in, size_t n, unsigned char *out,
		size_t *made)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int first = 0, rest = 0, last = -1;

	if (c &&
	    EVP_CipherInit_ex(c, cipher_of(secret), NULL, (const unsigned char *)secret,
			      (const unsigned char *)secret, direction) == 1 &&
	    EVP_CipherUpdate(c, out, &first, in, (int)n) == 1 &&
	    EVP_CipherFinal_ex(c, out + first, &rest) == 1) {
		*made = (size_t)(first + rest);
		last = 0;
	}
	EVP_CIPHER_CTX_free(c);
	return last;
}

int open_api_seal(const char *secret, const char *plain, struct buf *out, struct err *e)
{
	unsigned char box[SEALED_MOST + BLOCK];
	char text[BASE64_TEXT(SEALED_MOST + BLOCK)];
	size_t n = strlen(plain), made;

	if (!cipher_of(secret))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "the secret has %zu characters, not 16, 24 or 32",
			       strlen(secret));
	if (n > SEALED_MOST)
		return err_set(e, ERR_TOO_LARGE, "field of %zu bytes", n);
	if (turn(secret, 1, (const unsigned char *)plain, n, box, &made))
		return err_set(e, ERR_INTERNAL, "AES");
	base64_encode(text, box, made);
	return buf_adds(out, text) ? err_set(e, ERR_TOO_LARGE, "sealed field") : 0;
}

int open_api_unseal(const char *secret, const char *sealed, struct buf *out, struct err *e)
{
	unsigned char box[SEALED_MOST + BLOCK], plain[SEALED_MOST + 2 * BLOCK];
	size_t n, made;
	int last = -1;

	if (!cipher_of(secret))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "the secret has %zu characters, not 16, 24 or 32",
			       strlen(secret));
	if (!base64_decode(box, sizeof(box), &n, sealed) || !n || n % BLOCK ||
	    turn(secret, 0, box, n, plain, &made) || !text_valid((const char *)plain, made))
		err_set(e, ERR_SEAL, "a field that was not sealed under this secret");
	else
		last = buf_add(out, plain, made) ? err_set(e, ERR_TOO_LARGE, "field") : 0;
	wipe(plain, sizeof(plain));
	return last;
}
