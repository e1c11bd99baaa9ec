/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_head.h"
#include "base/io.h"
#include "base/text.h"
#include "dir.h"
#include "migrate.h"
#include "store_private.h"

#define CHUNK (64 * 1024)
#define SEALED (CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)
#define STREAM_HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define FINAL crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define COPY_MARK ".backup" /* the copy's name: the file's, this, the process */

_Static_assert(sizeof(BACKUP_MAGIC) - 1 == BACKUP_MAGIC_BYTES, "the magic's length");

/* One direction of a sealed stream over a descriptor; lies in wiped memory. */
struct stream {
	int fd;
	crypto_secretstream_xchacha20poly1305_state state;
	crypto_generichash_state hash; /* of the clear bytes */
	unsigned char clear[CHUNK], sealed[SEALED];
	bool first;
	const struct buf *head; /* associated data of the first chunk */
};

static void stream_free(struct stream *st)
{
	if (st)
		wipe(st, sizeof(*st));
	free(st);
}

static struct stream *stream_new(int fd, const struct buf *head, struct err *e)
{
	struct stream *st = calloc(1, sizeof(*st));

	if (!st) {
		err_set(e, ERR_MEMORY, "backup");
		return NULL;
	}
	st->fd = fd;
	st->head = head;
	st->first = true;
	crypto_generichash_init(&st->hash, NULL, 0, CHECK_BYTES);
	return st;
}

static void associated(struct stream *st, const unsigned char **ad, size_t *n)
{
	*ad = st->first ? (const unsigned char *)st->head->data : NULL;
	*n = st->first ? st->head->len : 0;
	st->first = false;
}

/* Until n bytes or the end; how many, -1. */
static ssize_t read_up_to(int fd, unsigned char *p, size_t n, struct err *e)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k = io_read_some(fd, p + got, n - got);

		if (k < 0)
			return err_errno(e, "backup");
		if (k == 0)
			break;
		got += (size_t)k;
	}
	return (ssize_t)got;
}

/* --- making -------------------------------------------------------------------------------------------------------------------- */

static int seal_chunk(struct stream *st, size_t n, bool last, struct err *e)
{
	const unsigned char *ad;
	size_t ad_bytes;

	associated(st, &ad, &ad_bytes);
	crypto_generichash_update(&st->hash, st->clear, n);
	crypto_secretstream_xchacha20poly1305_push(&st->state, st->sealed, NULL, st->clear, n, ad, ad_bytes, last ? FINAL : 0);
	return io_write_all(st->fd, st->sealed, n + crypto_secretstream_xchacha20poly1305_ABYTES, e);
}

static int seal_file(struct stream *st, int from, int64_t bytes, struct err *e)
{
	int64_t left = bytes;

	while (left > 0) {
		size_t want = left < CHUNK ? (size_t)left : CHUNK;
		ssize_t n = read_up_to(from, st->clear, want, e);

		if (n < 0)
			return -1;
		if ((size_t)n != want)
			return err_set(e, ERR_SYSTEM, "the copy is shorter than it was");
		left -= n;
		if (seal_chunk(st, want, left == 0, e))
			return -1;
	}
	return 0;
}

static int write_sealed(int fd, int from, const struct buf *head, const struct backup_info *info, const unsigned char key[VAULT_KEY_BYTES],
			unsigned char hash[CHECK_BYTES], struct err *e)
{
	unsigned char start[BACKUP_MAGIC_BYTES + 4], header[STREAM_HEADER], sub[VAULT_KEY_BYTES];
	struct stream *st = stream_new(fd, head, e);
	int last = -1;

	if (!st)
		return -1;
	memcpy(start, BACKUP_MAGIC, BACKUP_MAGIC_BYTES);
	for (int i = 0; i < 4; i++)
		start[BACKUP_MAGIC_BYTES + i] = (unsigned char)(head->len >> (8 * i));
	vault_backup_key(key, sub);
	crypto_secretstream_xchacha20poly1305_init_push(&st->state, header, sub);
	wipe(sub, sizeof(sub));
	if (!io_write_all(fd, start, sizeof(start), e) && !io_write_all(fd, head->data, head->len, e) &&
	    !io_write_all(fd, header, sizeof(header), e) && !seal_file(st, from, info->bytes, e))
		last = fsync(fd) ? err_errno(e, "fsync of the backup") : 0;
	crypto_generichash_final(&st->hash, hash, CHECK_BYTES);
	stream_free(st);
	return last;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------- */

/* magic, length, head; `head` is reset first. */
static int read_head(int fd, struct buf *head, struct backup_head *h, struct err *e)
{
	unsigned char start[BACKUP_MAGIC_BYTES + 4], *bytes;
	size_t n;
	int last = -1;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(e, "backup");
	if (read_up_to(fd, start, sizeof(start), e) != (ssize_t)sizeof(start) || memcmp(start, BACKUP_MAGIC, BACKUP_MAGIC_BYTES))
		return err_set(e, ERR_BACKUP, "no backup of this program");
	n = (size_t)start[8] | (size_t)start[9] << 8 | (size_t)start[10] << 16 | (size_t)start[11] << 24;
	if (n == 0 || n > BACKUP_HEAD_MAX || !(bytes = malloc(n)))
		return err_set(e, ERR_BACKUP, "head of %zu bytes", n);
	buf_reset(head);
	if (read_up_to(fd, bytes, n, e) != (ssize_t)n)
		err_set(e, ERR_BACKUP, "cut short in the head");
	else if (!buf_add(head, bytes, n))
		last = backup_head_read(h, head->data, head->len, e);
	free(bytes);
	return last;
}

/* The next chunk into st->clear: its length, 0 after the final one, -1. */
static ssize_t open_chunk(struct stream *st, bool *final, struct err *e)
{
	unsigned char tag = 0;
	const unsigned char *ad;
	size_t ad_bytes;
	ssize_t n;

	if (*final)
		return 0;
	n = read_up_to(st->fd, st->sealed, SEALED, e);
	if (n < 0)
		return -1;
	associated(st, &ad, &ad_bytes);
	if ((size_t)n < crypto_secretstream_xchacha20poly1305_ABYTES ||
	    crypto_secretstream_xchacha20poly1305_pull(&st->state, st->clear, NULL, &tag, st->sealed, (unsigned long long)n, ad, ad_bytes))
		return err_set(e, ERR_BACKUP, "cut short or changed");
	*final = tag == FINAL;
	n -= (ssize_t)crypto_secretstream_xchacha20poly1305_ABYTES;
	crypto_generichash_update(&st->hash, st->clear, (size_t)n);
	return n;
}

/* Everything behind the head, into `to` (-1: nowhere). */
static int read_sealed(int fd, const struct buf *head, const struct backup_head *h, const unsigned char key[VAULT_KEY_BYTES], int to,
		       unsigned char hash[CHECK_BYTES], struct err *e)
{
	unsigned char header[STREAM_HEADER], sub[VAULT_KEY_BYTES], more;
	struct stream *st = stream_new(fd, head, e);
	bool final = false;
	int64_t bytes = 0;
	ssize_t n = -1;

	if (!st)
		return -1;
	vault_backup_key(key, sub);
	if (read_up_to(fd, header, sizeof(header), e) != (ssize_t)sizeof(header) ||
	    crypto_secretstream_xchacha20poly1305_init_pull(&st->state, header, sub))
		err_set(e, ERR_BACKUP, "cut short");
	else
		while ((n = open_chunk(st, &final, e)) > 0 && (bytes += n) <= h->info.bytes)
			if (to >= 0 && io_write_all(to, st->clear, (size_t)n, e)) {
				n = -1;
				break;
			}
	wipe(sub, sizeof(sub));
	crypto_generichash_final(&st->hash, hash, CHECK_BYTES);
	stream_free(st);
	if (n < 0)
		return -1;
	if (bytes != h->info.bytes || io_read_some(fd, &more, 1) != 0)
		return err_set(e, ERR_BACKUP, "%lld bytes where %lld should be", (long long)bytes, (long long)h->info.bytes);
	return 0;
}

/* --- the copy of one moment ------------------------------------------------------------------------------------------------------- */

/* Copies that a killed backup left. One that another process is still making goes too: its maker notices and fails. */
static void remove_copies(const struct store *s)
{
	const char *name = strrchr(s->path, '/') + 1;
	size_t n = strlen(name);
	DIR *dir;
	int fd = openat(s->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *d; (d = readdir(dir));)
		if (strncmp(d->d_name, name, n) == 0 && strncmp(d->d_name + n, COPY_MARK, strlen(COPY_MARK)) == 0)
			unlinkat(s->dir_fd, d->d_name, 0);
	closedir(dir);
}

/* VACUUM INTO reads one moment of the file and hinders nobody; it checks every page it reads on the way. The copy has no name when it is handed out. */
static int copy_now(struct store *s, int *fd, int64_t *bytes, struct err *e)
{
	char path[sizeof(s->path) + 32];
	struct stat st;
	char *sql;
	int last;

	remove_copies(s);
	snprintf(path, sizeof(path), "%s%s%ld", s->path, COPY_MARK, (long)getpid());
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, dir_file_mode()); /* ours from the first byte; SQLite takes an empty file */
	if (*fd < 0)
		return err_errno(e, path);
	sql = sqlite3_mprintf("VACUUM INTO %Q", path);
	last = sql ? store_exec(s, sql, e) : err_set(e, ERR_MEMORY, "backup");
	sqlite3_free(sql);
	unlink(path);
	if (!last && fstat(*fd, &st))
		last = err_errno(e, path);
	if (!last && (*bytes = (int64_t)st.st_size) == 0)
		last = err_set(e, ERR_SYSTEM, "an empty copy");
	if (last) {
		close(*fd);
		*fd = -1;
	}
	return last;
}

/* Is what lies in fd what was written? */
static int read_back(int fd, const unsigned char key[VAULT_KEY_BYTES], const unsigned char hash[CHECK_BYTES], struct err *e)
{
	unsigned char again[CHECK_BYTES];
	struct backup_head h;
	struct buf head;
	int last;

	buf_init(&head, BACKUP_HEAD_MAX);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); /* from the disk, as far as the kernel grants it */
	last = read_head(fd, &head, &h, e) || read_sealed(fd, &head, &h, key, -1, again, e) ? -1 : 0;
	if (!last && memcmp(again, hash, CHECK_BYTES))
		last = err_set(e, ERR_BACKUP, "read back otherwise than written");
	buf_release(&head);
	return last;
}

int store_backup(struct store *s, int fd, struct backup_info *out, struct err *e)
{
	struct backup_info info = {.made_ms = clock_now_ms(), .schema = store_version()};
	unsigned char key[VAULT_KEY_BYTES], hash[CHECK_BYTES];
	struct buf head;
	int copy = -1, last = -1;

	if (s->in_tx || s->in_group)
		return err_set(e, ERR_INTERNAL, "backup inside a transaction");
	buf_init(&head, BACKUP_HEAD_MAX);
	if (!vault_export_key(&s->vault, key, e) && !copy_now(s, &copy, &info.bytes, e) && !backup_head_write(s, &info, &head, e) &&
	    !write_sealed(fd, copy, &head, &info, key, hash, e) && !read_back(fd, key, hash, e)) {
		*out = info;
		last = 0;
	}
	if (copy >= 0)
		close(copy);
	buf_release(&head);
	wipe(key, sizeof(key));
	return last;
}

int store_backup_check(struct store *s, int fd, struct backup_info *out, struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES], hash[CHECK_BYTES];
	struct backup_head h;
	struct buf head;
	int last = -1;

	buf_init(&head, BACKUP_HEAD_MAX);
	if (!vault_export_key(&s->vault, key, e) && !read_head(fd, &head, &h, e) && !read_sealed(fd, &head, &h, key, -1, hash, e)) {
		*out = h.info;
		last = 0;
	}
	buf_release(&head);
	wipe(key, sizeof(key));
	return last;
}

/* --- a place of the program's own ---------------------------------------------------------------------------------------------- */

#define TAGGED "name of a backup" /* what the tag is a fingerprint of */

int store_backup_place(struct store *s, char *dir, size_t size, char tag[BACKUP_TAG_TEXT], struct err *e)
{
	unsigned char print[VAULT_PRINT_BYTES];

	if (!text_format(dir, size, "%.*s" BACKUP_DIR, (int)(strrchr(s->path, '/') + 1 - s->path), s->path))
		return err_set(e, ERR_TOO_LARGE, "path of the data directory");
	if (vault_fingerprint(&s->vault, TAGGED, strlen(TAGGED), print, e) || dir_make(dir, e) || dir_check(dir, s->shared, e))
		return -1;
	sodium_bin2hex(tag, BACKUP_TAG_TEXT, print, BACKUP_TAG_TEXT / 2);
	return 0;
}

int store_backup_new(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, dir_file_mode());

	if (fd < 0)
		return err_errno(e, path);
	if (fchmod(fd, dir_file_mode()) && errno != EPERM && errno != EOPNOTSUPP) { /* a stick may know no modes */
		err_errno(e, path);
		close(fd);
		return -1;
	}
	return fd;
}

/* --- restoring -------------------------------------------------------------------------------------------------------------------- */

/* The file under a name of its own in the directory; *path names it. */
static int unpack(int fd, const struct buf *head, const struct backup_head *h,
		  const unsigned char key[VAULT_KEY_BYTES], const char *path, struct err *e)
{
	unsigned char hash[CHECK_BYTES];
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, dir_file_mode()), last;

	if (to < 0)
		return err_errno(e, path);
	last = fchmod(to, dir_file_mode()) ? err_errno(e, path) : read_sealed(fd, head, h, key, to, hash, e);
	if (!last && fsync(to))
		last = err_errno(e, path);
	if (close(to) && !last)
		last = err_errno(e, path);
	return last;
}

/* Opened, migrated if it is older, and checked page by page under its own name; then the log is written back and gone. */
static int prove(const struct store_options *o, const char *name, const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	struct store_options own = *o;
	struct store *s;
	int last;

	own.file = name;
	if (store_open(&s, &own, e))
		return -1;
	last = vault_adopt_key(s, key, e) || store_check(s, e) ? -1 : 0;
	store_close(s);
	return last;
}

static int publish(const struct store_options *o, const char *from, const char *to, struct err *e)
{
	int dir, last = 0;

	if (link(from, to))
		return errno == EEXIST ? err_set(e, ERR_DATA_EXISTS, "%s", to) : err_errno(e, to);
	unlink(from);
	dir = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fsync(dir))
		last = err_errno(e, "fsync of the data directory");
	if (dir >= 0)
		close(dir);
	return last;
}

static void remove_new(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	char name[4096 + 48];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (text_format(name, sizeof(name), "%s%s", path, ends[i]))
			unlink(name);
}

static int restore_into(const struct store_options *o, int fd, const struct buf *head, const struct backup_head *h,
			const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	char to[4096], from[4096 + 32], name[256];
	int last;

	if (!text_format(to, sizeof(to), "%s/%s", o->dir, o->file) ||
	    !text_format(name, sizeof(name), "%s.restore%ld", o->file, (long)getpid()))
		return err_set(e, ERR_TOO_LARGE, "path of the data directory");
	snprintf(from, sizeof(from), "%s.restore%ld", to, (long)getpid());
	if (dir_make(o->dir, e) || dir_check(o->dir, false, e))
		return -1;
	if (!access(to, F_OK))
		return err_set(e, ERR_DATA_EXISTS, "%s", to);
	remove_new(from);
	last = unpack(fd, head, h, key, from, e) || prove(o, name, key, e) || publish(o, from, to, e) ? -1 : 0;
	remove_new(from);
	return last;
}

int store_restore(const struct store_options *o, int fd, const struct backup_way *way, struct backup_info *out, struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES];
	struct backup_head h;
	struct buf head;
	int last = -1;

	if (sodium_init() < 0)
		return err_set(e, ERR_MEMORY, "libsodium");
	buf_init(&head, BACKUP_HEAD_MAX);
	if (read_head(fd, &head, &h, e))
		last = -1;
	else if (h.info.schema > store_version())
		err_set(e, ERR_DATA_NEWER, "schema %d, this program knows %d", h.info.schema, store_version());
	else if (!backup_head_open(&h, way, key, e) && !restore_into(o, fd, &head, &h, key, e)) {
		*out = h.info;
		last = 0;
	}
	buf_release(&head);
	wipe(key, sizeof(key));
	return last;
}
