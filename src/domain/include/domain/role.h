/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles of accounts (QUALITY S3) and the actors of events (DESIGN 6). An account may hold several roles. */
#ifndef DOMAIN_ROLE_H
#define DOMAIN_ROLE_H

#include <stdbool.h>

enum role {
	ROLE_CLERK = 1 << 0,               /* 劳资专管员 */
	ROLE_PROJECT_MANAGER = 1 << 1,     /* 项目经理 */
	ROLE_SITE_OPERATOR = 1 << 2,       /* 现场操作员 */
	ROLE_SUBCONTRACTOR_CLERK = 1 << 3, /* 分包劳资专管员 */
	ROLE_COMPANY_HR = 1 << 4,          /* 企业人事 */
	ROLE_LEGAL_REPRESENTATIVE = 1 << 5,/* 法定代表人 */
	ROLE_ADMINISTRATOR = 1 << 6,       /* 系统管理员: holds no key to personal data */
	ROLE_AUDITOR = 1 << 7,             /* 审计员: holds no key to personal data */
	ROLE_RUNNER = 1 << 8               /* the synchronisation runner; never an account */
};
#define ROLES_WITH_KEY (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_SITE_OPERATOR | ROLE_SUBCONTRACTOR_CLERK | ROLE_COMPANY_HR | \
			ROLE_LEGAL_REPRESENTATIVE)

enum actor { ACTOR_COMPANY, ACTOR_SITE, ACTOR_SUBCONTRACTOR, ACTOR_PERSON, ACTOR_PLATFORM };

const char *role_name(enum role r);     /* "project_manager" */
const char *role_word(enum role r);     /* 项目经理, translated */
bool role_parse(const char *name, enum role *out);
const char *actor_name(enum actor a);
bool actor_parse(const char *name, enum actor *out);

#endif
