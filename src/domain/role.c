/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/role.h"

#include <stddef.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static const struct {
	enum role role;
	const char *name, *word;
} roles[] = {
	{ROLE_CLERK, "clerk", N_("劳资专管员")},
	{ROLE_PROJECT_MANAGER, "project_manager", N_("项目经理")},
	{ROLE_SITE_OPERATOR, "site_operator", N_("现场操作员")},
	{ROLE_SUBCONTRACTOR_CLERK, "subcontractor_clerk", N_("分包劳资专管员")},
	{ROLE_COMPANY_HR, "company_hr", N_("企业人事")},
	{ROLE_LEGAL_REPRESENTATIVE, "legal_representative", N_("法定代表人")},
	{ROLE_ADMINISTRATOR, "administrator", N_("系统管理员")},
	{ROLE_AUDITOR, "auditor", N_("审计员")},
	{ROLE_RUNNER, "runner", N_("上传程序")},
};

static const char *const actors[] = {
	[ACTOR_COMPANY] = "company",   [ACTOR_SITE] = "site",         [ACTOR_SUBCONTRACTOR] = "subcontractor",
	[ACTOR_PERSON] = "person",     [ACTOR_PLATFORM] = "platform",
};

const char *role_name(enum role r)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (roles[i].role == r)
			return roles[i].name;
	return "";
}

const char *role_word(enum role r)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (roles[i].role == r)
			return _(roles[i].word);
	return "";
}

bool role_parse(const char *name, enum role *out)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcmp(roles[i].name, name) == 0) {
			*out = roles[i].role;
			return true;
		}
	return false;
}

const char *actor_name(enum actor a)
{
	return (unsigned)a < ARRAY_LEN(actors) ? actors[a] : "";
}

bool actor_parse(const char *name, enum actor *out)
{
	for (size_t i = 0; i < ARRAY_LEN(actors); i++)
		if (strcmp(actors[i], name) == 0) {
			*out = (enum actor)i;
			return true;
		}
	return false;
}
