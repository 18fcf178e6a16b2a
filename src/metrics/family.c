/* The sections, and what is derived from a family's name. */
#include "metrics/family.h"

#include <string.h>

#include "metrics/families.h"

const struct family_section *const family_sections[] = {
	&families_sentinel,
	&families_view,
	&families_deployment,
	&families_node,
	&families_replica,
	&families_celery,
	&families_exporter,
	&family_section_process,
};
const size_t family_sections_count =
    sizeof(family_sections) / sizeof(family_sections[0]);

const char *
family_type_name(enum family_type type)
{
	static const char *const names[] = {
		[FAMILY_COUNTER] = "counter",
		[FAMILY_GAUGE] = "gauge",
		[FAMILY_INFO] = "info",
		[FAMILY_HISTOGRAM] = "histogram",
	};

	return names[type];
}

size_t
family_base_length(const struct family *f)
{
	size_t len = strlen(f->name);

	if (f->type == FAMILY_COUNTER)
		return len - strlen("_total");
	if (f->type == FAMILY_INFO)
		return len - strlen("_info");
	return len;
}

const char *
family_unit(const struct family *f)
{
	static const char *const units[] = { "seconds", "bytes" };
	size_t i, len = family_base_length(f), ulen;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		ulen = strlen(units[i]);
		if (len > ulen && f->name[len - ulen - 1] == '_' &&
		    memcmp(f->name + len - ulen, units[i], ulen) == 0)
			return units[i];
	}
	return NULL;
}

static void
print_labels(FILE *out, const struct family *f)
{
	const char *const *lists[] = { scope_labels(f->scope), f->labels };
	const char *const *name, *separator = "";
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (name = lists[i]; *name != NULL; name++) {
			fprintf(out, "%s`%s`", separator, *name);
			separator = ", ";
		}
}

void
family_print_reference(FILE *out)
{
	const struct family *f;
	size_t i, k;

	fputs("# Metrics\n\nEvery series of a deployment also carries `group` "
	      "when the configuration names\ngroups of sentinels.\n",
	    out);
	for (i = 0; i < family_sections_count; i++) {
		fprintf(out, "\n## %s\n\n", family_sections[i]->title);
		fputs("| name | type | labels | meaning |\n"
		      "|---|---|---|---|\n",
		    out);
		for (k = 0; k < family_sections[i]->n; k++) {
			f = &family_sections[i]->families[k];
			fprintf(out, "| `%s` | %s | ", f->name,
			    family_type_name(f->type));
			print_labels(out, f);
			fprintf(out, " | %s |\n", f->help);
		}
	}
}
