/* main.c - runs the unit suites: all, or those named on the command line. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static const struct suite {
	const char *name;
	void (*add)(void);
} suites[] = {
#define SUITE(name) {#name, suite_##name},
#include "tests/unit/suites.def"
#undef SUITE
};

static void must(CU_ErrorCode code)
{
	if (code == CUE_SUCCESS)
		return;
	fprintf(stderr, "unit: %s\n", CU_get_error_msg());
	exit(2);
}

void unit_suite(const char *name, const struct unit_case *cases)
{
	CU_pSuite s = CU_add_suite(name, NULL, NULL);
	must(CU_get_error());
	for (; cases->name; cases++) {
		CU_add_test(s, cases->name, cases->run);
		must(CU_get_error());
	}
}

int unit_check(int ok, const char *file, unsigned line, const char *what, const char *fmt, ...)
{
	char tried[160], text[400];
	va_list ap;
	if (ok)
		return 1;
	va_start(ap, fmt);
	vsnprintf(tried, sizeof tried, fmt, ap);
	va_end(ap);
	snprintf(text, sizeof text, "%s: %s", what, tried);
	CU_assertImplementation(CU_FALSE, line, text, file, "", CU_FALSE);
	return 0;
}

static void report(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
	unsigned n = 0;
	printf("  %-4s %s: %s\n", failure ? "FAIL" : "ok", suite->pName, test->pName);
	for (CU_pFailureRecord f = failure; f && n < 10; f = f->pNext, n++)
		printf("       %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
}

static int wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return 1;
	return argc == 1;
}

int main(int argc, char **argv)
{
	must(CU_initialize_registry());
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
		if (wanted(suites[i].name, argc, argv))
			suites[i].add();
	CU_set_test_complete_handler(report);
	must(CU_run_all_tests());
	unsigned run = CU_get_number_of_tests_run(), failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("%u passed, %u failed\n", run - failed, failed);
	return failed || !run;
}
