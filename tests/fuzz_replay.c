/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main of every fuzz target in plain builds: LLVMFuzzerTestOneInput() over the seeds, the files and
 * folders that are named. Each seed also comes cut at every length and with some of its bytes changed (always
 * the same ones), since most faults of a parser lie one byte beside the good input. Every run gets a block of
 * exactly its size, so that the sanitizers see a read beyond its end. No seed at all is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SEED_MAX_BYTES (4u << 20)
#define CUT_MAX_BYTES 4096 /* longer seeds are cut at this many places spread over them */
#define CHANGES 256	   /* changed copies of a seed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static size_t seeds, runs;

static void run(const uint8_t *data, size_t size)
{
	uint8_t *block = malloc(size ? size : 1);

	if (!block)
		abort();
	memcpy(block, data, size);
	LLVMFuzzerTestOneInput(block, size);
	free(block);
	runs++;
}

static void run_cut(const uint8_t *data, size_t size)
{
	size_t step = size / CUT_MAX_BYTES + 1;

	for (size_t n = 0; n < size; n += step)
		run(data, n);
}

/* A 32-bit xorshift: the same changes on every machine. */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void run_changed(uint8_t *data, size_t size)
{
	uint32_t state = 2463534242u;

	for (int i = 0; size && i < CHANGES; i++) {
		size_t at = next_random(&state) % size;
		uint8_t was = data[at];

		data[at] = (uint8_t)(next_random(&state) >> 11);
		run(data, size);
		data[at] = was;
	}
}

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(SEED_MAX_BYTES);
	size_t n;

	if (!f || !data) {
		perror(path);
		return 1;
	}
	n = fread(data, 1, SEED_MAX_BYTES, f);
	fclose(f);
	run(data, n);
	run_cut(data, n);
	run_changed(data, n);
	free(data);
	seeds++;
	return 0;
}

static int replay(const char *path);

static int replay_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort), failed = n < 0;

	for (int i = 0; i < n; i++) {
		char inside[4096];

		if (names[i]->d_name[0] != '.') {
			snprintf(inside, sizeof(inside), "%s/%s", path, names[i]->d_name);
			failed |= replay(inside);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return failed;
}

static int replay(const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		perror(path);
		return 1;
	}
	return S_ISDIR(st.st_mode) ? replay_folder(path) : replay_file(path);
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%zu seeds, %zu runs\n", seeds, runs);
	return failed || !seeds;
}
