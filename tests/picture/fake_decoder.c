/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stands in for a portrait decoder: fake_decoder HOW [ARGUMENTS], well and badly behaved. The good picture is
 * a BMP of 102 × 126 whose left half is red and right half is blue. Every way of reading demands the 1024
 * bytes of the test's portrait: 'W', then zeroes, then 0xA5.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define WIDTH 102
#define HEIGHT 126
#define STRIDE 308
#define BMP_BYTES (54 + STRIDE * HEIGHT)

static uint8_t bmp[BMP_BYTES] = {'B', 'M'};

static void number(size_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bmp[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

static void make_bmp(void)
{
	number(2, BMP_BYTES);
	number(10, 54);
	number(14, 40);
	number(18, WIDTH);
	number(22, HEIGHT);
	number(26, 1 | 24u << 16);
	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++)
			bmp[54 + y * STRIDE + x * 3 + (x < WIDTH / 2 ? 2 : 0)] = 220;
	}
}

static void read_portrait(FILE *f)
{
	uint8_t wlt[2000];
	size_t n = f ? fread(wlt, 1, sizeof(wlt), f) : 0;

	if (n != 1024 || wlt[0] != 'W' || wlt[1023] != 0xA5)
		exit(50);
	if (f != stdin)
		fclose(f);
}

static void write_to(const char *path, const void *data, size_t n)
{
	FILE *f = path ? fopen(path, "wb") : stdout;

	if (!f || fwrite(data, 1, n, f) != n || fflush(f))
		exit(51);
	if (path)
		fclose(f);
}

static void flood(const char *path)
{
	static uint8_t zeroes[5 << 20];

	write_to(path, zeroes, sizeof(zeroes));
}

/* A child that holds a lock for ever: whoever waits for the lock learns when it is dead. */
static void stay(const char *lock)
{
	int fd = open(lock, O_RDWR);

	signal(SIGTERM, SIG_IGN);
	if (fd < 0 || flock(fd, LOCK_EX))
		exit(52);
	if (fork())
		write(STDERR_FILENO, "x", 1) == 1 ? (void)0 : exit(53);
	for (;;)
		pause();
}

static void eat_memory(void)
{
	for (int i = 0; i < 64; i++) {
		char *p = malloc(64u << 20);

		if (!p)
			exit(7);
		memset(p, i, 64u << 20);
	}
}

/* Is everything taken from us that should be? */
static void check_room(const char *out)
{
	struct rlimit core, files;
	char here[4096];

	getrlimit(RLIMIT_CORE, &core);
	getrlimit(RLIMIT_NOFILE, &files);
	if (core.rlim_max || files.rlim_max > 64 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		exit(54);
	if (!getcwd(here, sizeof(here)) || strncmp(out, here, strlen(here)) || getsid(0) != getpid())
		exit(55);
	if (fcntl(3, F_GETFD) >= 0 || errno != EBADF)
		exit(56);
}

static char *beside(const char *in)
{
	char *path = strdup(in);

	memcpy(path + strlen(path) - 3, "bmp", 3);
	return path;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "", *in = argc > 2 ? argv[2] : "",
		   *out = argc > 3 ? argv[3] : "";

	make_bmp();
	if (!strcmp(how, "pipe") || !strcmp(how, "deaf")) {
		if (strcmp(how, "deaf"))
			read_portrait(stdin);
		write_to(NULL, bmp, sizeof(bmp));
		return 0;
	}
	if (!strcmp(how, "crash"))
		abort();
	if (!strcmp(how, "segv"))
		raise(SIGSEGV);
	if (!strcmp(how, "stay"))
		stay(in);
	if (!strcmp(how, "closed")) {
		close(STDOUT_FILENO);
		for (;;)
			pause();
	}
	if (!strcmp(how, "spin")) {
		for (volatile int i = 0;; i = i + 1)
			;
	}
	if (!strcmp(how, "flood")) {
		flood(NULL);
		return 0;
	}
	if (!strcmp(how, "memory"))
		eat_memory();
	if (!strcmp(how, "fail"))
		return 3;
	if (!strcmp(how, "nothing") || !*how)
		return 0;
	read_portrait(fopen(in, "rb"));
	if (!strcmp(how, "file") || !strcmp(how, "chatter"))
		write_to(out, bmp, sizeof(bmp));
	if (!strcmp(how, "chatter"))
		flood(NULL);
	if (!strcmp(how, "beside"))
		write_to(beside(in), bmp, sizeof(bmp));
	if (!strcmp(how, "room")) {
		check_room(out);
		write_to(out, bmp, sizeof(bmp));
	}
	if (!strcmp(how, "litter")) {
		write_to(out, bmp, sizeof(bmp));
		write_to("left-over", bmp, sizeof(bmp));
		if (system("mkdir -p a/b/c && cp photo.wlt a/b/c/"))
			return 57;
	}
	if (!strcmp(how, "flood-file"))
		flood(out);
	if (!strcmp(how, "short"))
		write_to(out, bmp, sizeof(bmp) - 500);
	if (!strcmp(how, "text"))
		write_to(out, "not a picture", 13);
	if (!strcmp(how, "empty"))
		write_to(out, "", 0);
	if (!strcmp(how, "link") && symlink("/proc/self/cmdline", out))
		return 58;
	return 0;
}
