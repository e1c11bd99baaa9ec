/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver as pcscd meets it: its doors, which interface of a USB device answers, its bundle. libusb itself is played here, by
 * functions of the same names, for the one file that knows it.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libusb.h>

#include <PCSC/wintypes.h>
#include <PCSC/pcsclite.h>
#include <PCSC/ifdhandler.h>

#include <cmocka.h>

#include "base/text.h"
#include "device_name.h"
#include "usb_device.h"

/* --- libusb, played --- */

static struct {
	int list, open, claim, transfer, clear; /* what they answer */
	int moved;
	int vendor;
	bool there;
	int opened, claimed, contexts, references, auto_detach;
	unsigned timeout;
} play;

static int context_mark, device_mark, handle_mark;

static const struct libusb_endpoint_descriptor ends_module[] = {
	{ .bEndpointAddress = 0x06, .bmAttributes = 2, .wMaxPacketSize = 64 },
	{ .bEndpointAddress = 0x81, .bmAttributes = 2, .wMaxPacketSize = 64 },
	{ .bEndpointAddress = 0x85, .bmAttributes = 2, .wMaxPacketSize = 32 },
	{ .bEndpointAddress = 0x02, .bmAttributes = 2, .wMaxPacketSize = 64 },
};
static const struct libusb_endpoint_descriptor ends_keys[] = {
	{ .bEndpointAddress = 0x83, .bmAttributes = 3, .wMaxPacketSize = 8 },
};
static const struct libusb_interface_descriptor alt_keys = { .bInterfaceNumber = 0, .bNumEndpoints = 1,
							      .bInterfaceClass = 3, .endpoint = ends_keys };
static const struct libusb_interface_descriptor alt_module = { .bInterfaceNumber = 1, .bNumEndpoints = 4,
								.bInterfaceClass = 0xFF, .endpoint = ends_module };
static const struct libusb_interface interfaces[] = { { &alt_keys, 1 }, { &alt_module, 1 }, { NULL, 0 } };
static struct libusb_config_descriptor config = { .bNumInterfaces = 3, .interface = interfaces };

int libusb_init(libusb_context **context)
{
	*context = (libusb_context *)&context_mark;
	play.contexts++;
	return 0;
}

void libusb_exit(libusb_context *context)
{
	assert_ptr_equal(context, &context_mark);
	play.contexts--;
}

ssize_t libusb_get_device_list(libusb_context *context, libusb_device ***list)
{
	static libusb_device *devices[2];

	assert_ptr_equal(context, &context_mark);
	if (play.list < 0)
		return play.list;
	devices[0] = (libusb_device *)&device_mark;
	*list = devices;
	return play.there ? 1 : 0;
}

void libusb_free_device_list(libusb_device **list, int unref)
{
	(void)list;
	assert_int_equal(unref, 1);
}

libusb_device *libusb_ref_device(libusb_device *device)
{
	play.references++;
	return device;
}

void libusb_unref_device(libusb_device *device)
{
	(void)device;
	play.references--;
}

uint8_t libusb_get_bus_number(libusb_device *device)
{
	(void)device;
	return 3;
}

uint8_t libusb_get_device_address(libusb_device *device)
{
	(void)device;
	return 14;
}

int libusb_get_device_descriptor(libusb_device *device, struct libusb_device_descriptor *out)
{
	(void)device;
	*out = (struct libusb_device_descriptor){ .idVendor = (uint16_t)play.vendor, .idProduct = 0xC35A };
	return 0;
}

int libusb_get_active_config_descriptor(libusb_device *device, struct libusb_config_descriptor **out)
{
	(void)device;
	*out = &config;
	return 0;
}

int libusb_get_config_descriptor(libusb_device *device, uint8_t index, struct libusb_config_descriptor **out)
{
	(void)index;
	return libusb_get_active_config_descriptor(device, out);
}

void libusb_free_config_descriptor(struct libusb_config_descriptor *c)
{
	assert_ptr_equal(c, &config);
}

int libusb_open(libusb_device *device, libusb_device_handle **handle)
{
	(void)device;
	if (play.open == 0) {
		*handle = (libusb_device_handle *)&handle_mark;
		play.opened++;
	}
	return play.open;
}

void libusb_close(libusb_device_handle *handle)
{
	assert_ptr_equal(handle, &handle_mark);
	play.opened--;
}

int libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
	(void)handle;
	play.auto_detach = enable;
	return 0;
}

int libusb_claim_interface(libusb_device_handle *handle, int number)
{
	(void)handle;
	assert_int_equal(number, 1);
	play.claimed += play.claim == 0;
	return play.claim;
}

int libusb_release_interface(libusb_device_handle *handle, int number)
{
	(void)handle;
	assert_int_equal(number, 1);
	play.claimed--;
	return 0;
}

int libusb_bulk_transfer(libusb_device_handle *handle, unsigned char endpoint, unsigned char *data, int n, int *moved,
			 unsigned timeout)
{
	(void)handle;
	(void)endpoint;
	(void)data;
	assert_true(play.moved <= n);
	*moved = play.moved;
	play.timeout = timeout;
	return play.transfer;
}

int libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint)
{
	(void)handle;
	(void)endpoint;
	return play.clear;
}

/* --- libusb behind the table --- */

static struct usb_device *device_named(const char *name)
{
	struct device_name d;

	assert_true(device_name_parse(&d, name));
	return usb_device_new(&d);
}

static void start_play(void)
{
	memset(&play, 0, sizeof(play));
	play.there = true;
	play.vendor = 0x0400;
}

static bool is_module(const char *name)
{
	struct usb_device *d = device_named(name);
	bool yes = d && usb_device_is_module(d);

	usb_device_free(d);
	assert_int_equal(play.contexts, 0);
	assert_int_equal(play.references, 0);
	return yes;
}

static void test_which_interface(void **state)
{
	(void)state;
	start_play();
	assert_true(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014"));
	assert_true(is_module("usb:0400/c35a:libusb-1.0:3:14:1"));
	assert_false(is_module("usb:0400/c35a:libudev:0:/dev/bus/usb/003/014"));
	assert_false(is_module("usb:0400/c35a:libudev:2:/dev/bus/usb/003/014"));
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/003/015"));
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/004/014"));
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/somewhere"));
	play.vendor = 0x0401; /* the address was given to another device in between */
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014"));
	play.there = false;
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014"));
	play.list = LIBUSB_ERROR_NO_MEM;
	assert_false(is_module("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014"));
}

static void test_open(void **state)
{
	static const struct {
		int open, claim;
		enum transport_result want;
	} cases[] = {
		{ 0, 0, TRANSPORT_OK },
		{ LIBUSB_ERROR_ACCESS, 0, TRANSPORT_DENIED },
		{ LIBUSB_ERROR_NO_DEVICE, 0, TRANSPORT_ABSENT },
		{ LIBUSB_ERROR_BUSY, 0, TRANSPORT_HELD },
		{ 0, LIBUSB_ERROR_BUSY, TRANSPORT_HELD },
		{ 0, LIBUSB_ERROR_NO_DEVICE, TRANSPORT_ABSENT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct usb_device *d;
		struct bulk_pairs pairs = { .n = 0 };
		struct bulk bulk;

		start_play();
		play.open = cases[i].open;
		play.claim = cases[i].claim;
		d = device_named("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014");
		bulk = usb_device_bulk(d);
		assert_int_equal(bulk.ops->open(bulk.self, &pairs), cases[i].want);
		assert_int_equal(play.opened, cases[i].want == TRANSPORT_OK);
		assert_int_equal(pairs.n, cases[i].want == TRANSPORT_OK ? 2 : 0);
		if (pairs.n) {
			assert_int_equal(play.auto_detach, 1);
			assert_int_equal(pairs.pair[1].in, 0x85);
			assert_int_equal(pairs.pair[1].in_packet, 32);
			assert_int_equal(bulk.ops->open(bulk.self, &pairs), TRANSPORT_OK); /* again: the first is given back */
			assert_int_equal(play.opened, 1);
		}
		usb_device_free(d);
		assert_int_equal(play.opened + play.claimed + play.contexts + play.references, 0);
	}
	start_play();
	play.there = false;
	struct usb_device *d = device_named("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014");
	struct bulk bulk = usb_device_bulk(d);
	struct bulk_pairs pairs;

	assert_int_equal(bulk.ops->open(bulk.self, &pairs), TRANSPORT_ABSENT);
	usb_device_free(d);
}

static void test_transfer(void **state)
{
	static const struct {
		int error, moved;
		enum bulk_result want;
	} cases[] = {
		{ 0, 64, BULK_OK },
		{ 0, 0, BULK_OK },
		{ LIBUSB_ERROR_TIMEOUT, 5, BULK_TIMEOUT },
		{ LIBUSB_ERROR_INTERRUPTED, 0, BULK_TIMEOUT },
		{ LIBUSB_ERROR_PIPE, 0, BULK_STALL },
		{ LIBUSB_ERROR_OVERFLOW, 0, BULK_GARBLED },
		{ LIBUSB_ERROR_NO_DEVICE, 0, BULK_GONE },
		{ LIBUSB_ERROR_IO, 0, BULK_GONE },
		{ LIBUSB_ERROR_OTHER, 0, BULK_GONE },
	};
	struct usb_device *d;
	struct bulk_pairs pairs;
	struct bulk bulk;
	uint8_t data[64];
	size_t moved = 99;

	(void)state;
	start_play();
	d = device_named("usb:0400/c35a:libudev:1:/dev/bus/usb/003/014");
	bulk = usb_device_bulk(d);
	assert_int_equal(bulk.ops->transfer(bulk.self, 0x81, data, 64, &moved, 10), BULK_GONE);
	assert_int_equal(moved, 0);
	assert_int_equal(bulk.ops->unstall(bulk.self, 0x81), BULK_GONE);
	assert_int_equal(bulk.ops->open(bulk.self, &pairs), TRANSPORT_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		play.transfer = cases[i].error;
		play.moved = cases[i].moved;
		assert_int_equal(bulk.ops->transfer(bulk.self, 0x81, data, 64, &moved, 250), cases[i].want);
		assert_int_equal(moved, cases[i].moved);
		assert_int_equal(play.timeout, 250);
	}
	bulk.ops->transfer(bulk.self, 0x81, data, 64, &moved, 0);
	assert_int_equal(play.timeout, 1); /* never without end */
	assert_int_equal(bulk.ops->unstall(bulk.self, 0x81), BULK_OK);
	play.clear = LIBUSB_ERROR_NO_DEVICE;
	assert_int_equal(bulk.ops->unstall(bulk.self, 0x81), BULK_GONE);
	usb_device_free(d);
}

/* --- the doors --- */

static void *driver(const char *name)
{
	char path[512];
	void *so;

	text_format(path, sizeof(path), "%s/%s", LIB_DIR, name);
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!so)
		fail_msg("%s", dlerror());
	return so;
}

static void test_doors(void **state)
{
	static const char *const doors[] = {
		"IFDHCreateChannelByName", "IFDHCreateChannel", "IFDHCloseChannel",  "IFDHGetCapabilities",
		"IFDHSetCapabilities",     "IFDHPowerICC",      "IFDHTransmitToICC", "IFDHICCPresence",
		"IFDHControl",             "IFDHSetProtocolParameters",
	};
	void *so = driver("libifdsamv.so");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(doors); i++)
		assert_non_null(dlsym(so, doors[i]));
	assert_null(dlsym(so, "module_init")); /* nothing else is in sight */
	dlclose(so);
}

typedef RESPONSECODE (*create_fn)(DWORD lun, LPSTR name);
typedef RESPONSECODE (*lun_fn)(DWORD lun);

/* Only what is no module says "no such device"; a device that is missing never does. */
static void test_answers(void **state)
{
	static const struct {
		char *name;
		RESPONSECODE want;
	} cases[] = {
		{ "usb:0400/c35a:libudev:0:/nonexistent/device", IFD_SUCCESS },
		{ "usb:0400/c35a:libudev:1:/nonexistent/device", IFD_NO_SUCH_DEVICE },
		{ "/nonexistent/line:samv", IFD_SUCCESS },
		{ "/nonexistent/line:other", IFD_COMMUNICATION_ERROR },
		{ "usb:0400/c35a", IFD_COMMUNICATION_ERROR },
		{ "", IFD_COMMUNICATION_ERROR },
	};
	void *so = driver("libifdsamv_pty.so");
	create_fn create;
	lun_fn presence, end;

	(void)state;
	*(void **)&create = dlsym(so, "IFDHCreateChannelByName");
	*(void **)&presence = dlsym(so, "IFDHICCPresence");
	*(void **)&end = dlsym(so, "IFDHCloseChannel");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (DWORD lun = 0; lun < 17; lun++) {
			RESPONSECODE want = lun == 16 ? IFD_COMMUNICATION_ERROR : cases[i].want;

			assert_int_equal(create(lun << 16, cases[i].name), want);
			assert_int_equal(presence(lun << 16), IFD_ICC_NOT_PRESENT);
		}
		if (cases[i].want == IFD_SUCCESS)
			assert_int_equal(create(0, cases[i].name), IFD_COMMUNICATION_ERROR); /* taken */
		for (DWORD lun = 0; lun < 17; lun++)
			assert_int_equal(end(lun << 16), IFD_SUCCESS);
	}
	dlclose(so);
}

/* --- the bundle --- */

/* The values of a key, counted the way pcscd reads an Info.plist: <string>s after the <key>, whatever is around them. */
static size_t values(const char *text, const char *key, char *first, size_t size)
{
	char mark[64];
	const char *p, *end;
	size_t n = 0;

	text_format(mark, sizeof(mark), "<key>%s</key>", key);
	p = strstr(text, mark);
	if (!p)
		return 0;
	p += strlen(mark);
	end = strstr(p, "<key>");
	for (p = strstr(p, "<string>"); p && (!end || p < end); p = strstr(p + 1, "<string>")) {
		if (n++ == 0)
			text_format(first, size, "%.*s", (int)strcspn(p + 8, "<"), p + 8);
	}
	return n;
}

static void read_text(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		fail_msg("%s is missing", path);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
}

static void check_bundle(const char *path, const char *vendor, const char *product, const char *name)
{
	static const char *const arrays[] = { "ifdVendorID", "ifdProductID", "ifdFriendlyName" };
	char text[8192], first[3][128], value[128];
	size_t n[3];

	read_text(path, text, sizeof(text));
	for (size_t i = 0; i < 3; i++) {
		n[i] = values(text, arrays[i], first[i], sizeof(first[i]));
		assert_true(n[i] > 0);
		assert_int_equal(n[i], n[0]);
	}
	assert_string_equal(first[0], vendor);
	assert_string_equal(first[1], product);
	assert_string_equal(first[2], name);
	assert_int_equal(values(text, "CFBundleExecutable", value, sizeof(value)), 1);
	assert_string_equal(value, "libifdsamv.so");
	assert_int_equal(values(text, "ifdCapabilities", value, sizeof(value)), 1);
	assert_string_equal(value, "0x00000000");
	assert_null(strchr(text, '@')); /* nothing was left to be filled in */
}

static void test_bundle(void **state)
{
	(void)state;
	check_bundle(LIB_DIR "/../pcscd/Info.plist", "0x0400", "0xC35A", "SAM_V ID reader");
}

static int script(const char *dir, const char *arguments)
{
	char command[1024];
	int rc;

	text_format(command, sizeof(command),
		    "SHIMING_BUNDLE=%s/own.bundle SHIMING_PCSC_DRIVERS=%s SHIMING_UDEV_RULES=%s/rules "
		    "sh " LIB_DIR "/../pcscd/shiming-add-reader %s >/dev/null 2>&1",
		    dir, dir, dir, arguments);
	rc = system(command);
	return WEXITSTATUS(rc);
}

/* Other ids get a bundle of their own, which holds nothing that was not asked for. */
static void test_add_reader(void **state)
{
	static const char *const refused[] = {
		"", "1234", "1234:5678", "12345:678 X", "1234:56g8 X", "'../x:5678' X", "1234:5678 'a<b'", "1234:5678 'a\"b'",
		"1234:5678 'a/b'", "1234:5678 'a&b'",
	};
	char dir[] = "/tmp/shiming-bundle-XXXXXX", path[256], command[512], text[512];

	(void)state;
	assert_non_null(mkdtemp(dir));
	text_format(command, sizeof(command), "mkdir -p %s/own.bundle/Contents && cp " LIB_DIR "/../pcscd/Info.plist %s/own.bundle/Contents",
		    dir, dir);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_int_equal(script(dir, refused[i]), 2);
	assert_int_equal(script(dir, "0400:C35A X"), 1);
	text_format(command, sizeof(command), "test $(ls %s | wc -l) = 1", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(script(dir, "257B:0A01 'Reader 2 (of others)'"), 2);
	assert_int_equal(script(dir, "257B:0A01 'Reader 2'"), 0);
	text_format(path, sizeof(path), "%s/ifd-samv-257b-0a01.bundle/Contents/Info.plist", dir);
	check_bundle(path, "0x257b", "0x0a01", "Reader 2");
	text_format(path, sizeof(path), "%s/rules/70-shiming-samv-257b-0a01.rules", dir);
	read_text(path, text, sizeof(text));
	assert_non_null(strstr(text, "ATTR{idVendor}==\"257b\", ATTR{idProduct}==\"0a01\""));
	assert_int_equal(script(dir, "257b:0a01 'Reader 3'"), 0); /* again: replaced */
	assert_int_equal(script(dir, "--remove 257B:0A01"), 0);
	assert_int_equal(access(path, F_OK), -1);
	text_format(command, sizeof(command), "test ! -e %s/ifd-samv-257b-0a01.bundle && rm -rf %s", dir, dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_interface), cmocka_unit_test(test_open),    cmocka_unit_test(test_transfer),
		cmocka_unit_test(test_doors),           cmocka_unit_test(test_answers), cmocka_unit_test(test_bundle),
		cmocka_unit_test(test_add_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
