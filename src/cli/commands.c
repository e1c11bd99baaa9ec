/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands: dispatch, help and the manual's list come from here. */
#include "commands.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define OPTIONS(rows) .options = (rows), .n_options = ARRAY_LEN(rows)
#define LOGIN (CMD_DATA | CMD_LOGIN)

static const struct option_row init_options[] = {
	{"profile", N_("地区"), N_("地区规则，见 shiming profile list")},
	{"project-code", N_("编码"), N_("平台给的项目编码")},
	{"account", N_("帐号"), N_("第一个帐号的名称")},
	{"display", N_("姓名"), N_("该帐号的使用人")},
	{"roles", N_("角色,…"), N_("默认 clerk（劳资专管员）")},
};
static const struct option_row reader_options[] = {
	{"reader", N_("读卡器"), N_("第几个读卡器，或名称的一部分")},
	{"timeout", N_("秒"), N_("等待放卡的时间，默认 30")},
};
static const struct option_row doctor_options[] = {
	{"report", N_("文件"), N_("另写一份给技术支持的报告，不含任何个人信息；“-”为标准输出")},
};
static const struct option_row list_options[] = {
	{"search", N_("文字"), N_("姓名、拼音、首字母、证件号或手机号（可只写后四位）")},
	{"filter", N_("状态"), "all, waiting-consent, to-submit, to-confirm, to-enter, on-site, exited, refused"},
	{"team", N_("班组"), N_("只列这个班组")},
	{"with", N_("登记簿"), N_("只列这本登记簿里有登记的人，例如 health_card")},
	{"without", N_("登记簿"), N_("只列这本登记簿里没有登记的人")},
	{"says", N_("文字"), N_("与 --with 一起：只列登记里写着这些文字的人")},
	{"limit", N_("人数"), N_("至多列多少人")},
};
static const struct option_row clock_options[] = {
	{"direction", "in|out", N_("只记上班或只记下班；不写则没上班的记上班，已上班的记下班")},
};
static const struct option_row clockings_options[] = {
	{"person", N_("人员"), N_("只列这个人的")},
	{"limit", N_("条数"), N_("至多列多少条")},
};
static const struct option_row days_options[] = {
	{"month", N_("月份"), N_("例如 2026-11；不写为本月")},
};
static const struct option_row entries_options[] = {
	{"person", N_("人员"), N_("只列这个人的")},
	{"search", N_("文字"), N_("姓名、拼音、证件号，或登记的内容：文字的一部分，电话全部或后四位，日期")},
};
static const struct option_row entry_options[] = {
	{"people", N_("人员…"), N_("参加的人，用逗号隔开（一条记多人参加的登记簿）")},
};
static const struct option_row entry_remove_options[] = {
	{"note", N_("文字"), N_("原因")},
};
static const struct option_row table_options[] = {
	{"dry-run", NULL, N_("只试算，不写入")},
	{"report", N_("文件"), N_("把不能导入的行连同原因写到新文件（.xlsx 或 .csv），改好后可再导入")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};
static const struct option_row wages_options[] = {
	{"month", N_("月份"), N_("例如 2026-11；不写为最近一张工资表的月份")},
	{"filter", N_("筛选"), "all, unpaid, not-attended"},
};
static const struct option_row ledger_options[] = {
	{"month", N_("月份"), N_("例如 2026-11；不写为最近一张工资表的月份")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};
static const struct option_row wages_import_options[] = {
	{"month", N_("月份"), N_("表上没有写月份的行算哪个月；不写为本月")},
	{"dry-run", NULL, N_("只试算，不写入")},
	{"report", N_("文件"), N_("把不能导入的行连同原因写到新文件（.xlsx 或 .csv），改好后可再导入")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};
static const struct option_row month_options[] = {
	{"month", N_("月份"), N_("例如 2026-11；不写为本月")},
	{"search", N_("文字"), N_("姓名、拼音、首字母、证件号或手机号（可只写后四位）")},
	{"team", N_("班组"), N_("只列这个班组")},
	{"limit", N_("人数"), N_("至多列多少人")},
};
static const struct option_row add_options[] = {
	{"card", NULL, N_("从读卡器读取身份")},
	{"reader", N_("读卡器"), N_("第几个读卡器，或名称的一部分")},
	{"timeout", N_("秒"), N_("等待放卡的时间，默认 30")},
	{"from-json", N_("文件"), N_("从 JSON 取字段，按手工录入对待；“-”为标准输入")},
};
static const struct option_row edit_options[] = {
	{"from-json", N_("文件"), N_("从 JSON 取字段；“-”为标准输入")},
};
static const struct option_row erase_options[] = {
	{"word", N_("文字"), N_("原样写“清除资料”，才会清除")},
};
static const struct option_row rotate_options[] = {
	{"word", N_("文字"), N_("原样写“更换密钥”，才会更换；没有换完的接着换，不必写")},
};
static const struct option_row merge_options[] = {
	{"note", N_("文字"), N_("原因或说明")},
};
static const struct option_row training_options[] = {
	{"kind", N_("种类"), N_("培训种类的代码或名称，默认基本安全培训")},
	{"on", N_("日期"), N_("哪一天；默认今天")},
	{"hours", N_("学时"), N_("多少学时")},
	{"dry-run", NULL, N_("只看谁可以、谁不行，不办理")},
};
static const struct option_row certificate_options[] = {
	{"kind", N_("种类"), N_("证书种类的代码或名称")},
	{"number", N_("号码"), N_("证书编号")},
	{"issuer", N_("机关"), N_("发证机关")},
	{"valid-to", N_("日期"), N_("有效期的最后一天，或 long-term")},
};
static const struct option_row mark_options[] = {
	{"note", N_("文字"), N_("原因或说明")},
	{"until", N_("日期"), N_("标记到哪一天；默认到解除为止")},
};
static const struct option_row evidence_options[] = {
	{"file", N_("文件"), N_("补充这份印证材料：JPEG、PNG 或 PDF，不超过 5 MiB")},
	{"out", N_("文件"), N_("写到新文件；“-”为标准输出；会留下记录")},
};
static const struct option_row photo_options[] = {
	{"file", N_("文件"), N_("放入这个 JPEG 或 PNG，大小不限，自动缩小；“-”为标准输入")},
	{"camera", NULL, N_("用配置的摄像头命令拍一张放入")},
	{"picture", N_("哪一张"), N_("face 本人照片（默认）、front 证件正面、back 证件反面")},
	{"out", N_("文件"), N_("把照片写到新文件（JPEG）；“-”为标准输出；会留下记录")},
};
static const struct option_row company_options[] = {
	{"credit-code", N_("代码"), N_("统一社会信用代码")},    {"name", N_("名称"), N_("企业全称")},
	{"short-name", N_("简称"), N_("企业简称")},             {"area-code", N_("代码"), N_("注册地区的行政区划代码")},
	{"registered-on", N_("日期"), N_("注册日期")},
};
static const struct option_row participant_options[] = {
	{"company", N_("代码"), N_("企业的统一社会信用代码")},
	{"type", N_("类型"), N_("参建类型，例如：总承包单位")},
	{"manager", N_("姓名"), N_("该单位的项目经理")},
	{"manager-phone", N_("电话"), N_("该项目经理的手机")},
};
static const struct option_row team_options[] = {
	{"name", N_("名称"), N_("班组名称，项目内不重复")},
	{"company", N_("单位"), N_("所属参建单位：名称、简称或信用代码")},
	{"kind", N_("种类"), N_("worker、management 或 other；默认 worker")},
};
static const struct option_row hiring_options[] = {
	{"filter", N_("状态"), "all, leaving, leaving-on, dismissing, joining, to-register"},
};
static const struct option_row offer_options[] = {
	{"name", N_("姓名"), N_("与证件一致")},
	{"number", N_("号码"), N_("证件号码")},
	{"doc-type", N_("代码"), N_("证件类型，默认居民身份证")},
	{"company", N_("单位"), N_("用人的参建单位：名称、简称或信用代码")},
};
static const struct option_row app_options[] = {
	{"state", N_("情况"), N_("本人手机上显示的：applied、done 或 failed；不带则只看")},
	{"on", N_("日期"), N_("哪一天；默认今天")},
};
static const struct option_row contracts_options[] = {
	{"filter", N_("状态"), "in-force, expiring, expired, drafted, over"},
	{"person", N_("人员"), N_("此人在各项目的全部合同")},
	{"company", N_("单位"), N_("只列这个参建单位的")},
};
static const struct option_row contract_options[] = {
	{"kind", N_("类型"), N_("合同类型的代码或名称")},
	{"from", N_("日期"), N_("合同第一天")},
	{"to", N_("日期"), N_("合同最后一天")},
	{"unit", N_("单位"), N_("计量单位的代码或名称")},
	{"unit-price", N_("元"), N_("计量单价")},
	{"draft", NULL, N_("还没有签字，签字后再办 contract sign")},
	{"renews", N_("合同"), N_("续签哪一份")},
	{"scan", N_("文件"), N_("扫描件（PDF）")},
};
static const struct option_row contract_act_options[] = {
	{"on", N_("日期"), N_("哪一天；默认今天")},
	{"note", N_("文字"), N_("原因或说明")},
};
static const struct option_row scan_options[] = {
	{"file", N_("文件"), N_("放入这个 PDF，不超过 10 MiB")},
	{"out", N_("文件"), N_("把扫描件写到新文件；“-”为标准输出；会留下记录")},
};
static const struct option_row alarm_options[] = {
	{"all", NULL, N_("连同已结束的")},
};
static const struct option_row alarm_act_options[] = {
	{"subject", N_("什么"), N_("岗位的代码或名称，班组或人员的标识（uid）")},
	{"month", N_("年月"), N_("哪个月的，例如 202611")},
	{"on", N_("日期"), N_("哪一天；默认今天")},
	{"note", N_("文字"), N_("原因或说明")},
};
static const struct option_row post_options[] = {
	{"seat", N_("席位"), N_("一个岗位有几人时的第几人，默认 1")},
	{"on", N_("日期"), N_("哪一天；默认今天")},
	{"note", N_("文字"), N_("原因或说明")},
	{"to", N_("日期"), N_("最后一天；默认只有一天")},
};
static const struct option_row candidate_options[] = {
	{"seat", N_("席位"), N_("一个岗位有几人时的第几人，默认 1")},
	{"search", N_("文字"), N_("姓名、拼音、首字母、证件号或手机号（可只写后四位）")},
	{"all", NULL, N_("不限管理人员")},
};
static const struct option_row outage_options[] = {
	{"on", N_("日期"), N_("第一天；默认今天")},
	{"to", N_("日期"), N_("最后一天；默认只有一天")},
	{"devices", N_("台数"), N_("考勤设备一共几台")},
	{"covered", N_("台数"), N_("其中已报备几台")},
	{"note", N_("文字"), N_("原因或说明")},
};
static const struct option_row on_options[] = {
	{"on", N_("日期"), N_("进退场日期；默认今天")},
	{"company", N_("单位"), N_("同名班组时指定参建单位")},
};
static const struct option_row clear_options[] = {
	{"on", N_("日期"), N_("退场日期；默认今天")},
	{"dry-run", NULL, N_("只看有多少人、班组、单位，谁不能退场，不办理")},
	{"company", N_("单位"), N_("同名班组时指定参建单位")},
};
static const struct option_row team_edit_options[] = {
	{"name", N_("名称"), N_("新的班组名称")},
	{"kind", N_("种类"), N_("other：普通工人班组改为其他人员班组")},
	{"company", N_("单位"), N_("同名班组时指定参建单位")},
};
static const struct option_row associate_options[] = {
	{"with", N_("单位"), N_("劳务单位的全称")},
	{"file", N_("文件"), N_("附件：PDF、JPEG 或 PNG")},
	{"on", N_("日期"), N_("日期；默认今天")},
	{"note", N_("文字"), N_("说明")},
	{"company", N_("单位"), N_("同名班组时指定参建单位")},
};
static const struct option_row note_options[] = {
	{"note", N_("文字"), N_("原因或说明")},
	{"on", N_("日期"), N_("日期；默认今天")},
};
static const struct option_row project_options[] = {
	{"name", N_("名称"), N_("项目名称")},
	{"code", N_("编码"), N_("平台给的项目编码")},
	{"profile", N_("地区"), N_("地区规则；默认与当前项目相同")},
};
static const struct option_row project_search_options[] = {
	{"search", N_("文字"), N_("名称的一部分，或任一编号的开头")},
};
static const struct option_row device_options[] = {
	{"kind", N_("种类"), N_("attendance（考勤设备）或 collecting（采集设备）")},
	{"place", N_("位置"), N_("安装位置")},
	{"model", N_("型号"), N_("设备型号")},
	{"method", N_("方式"), N_("采集方式：gate、wall 或 handheld")},
	{"biometric", N_("种类"), N_("生物特征：face、fingerprint、palm、iris 或 none")},
	{"way", N_("方向"), N_("in（进场方向）或 out（出场方向）；不分方向不填")},
	{"maker", N_("识别码"), N_("厂家识别码，32 位；不核对厂家不填")},
	{"serial", N_("序列号"), N_("新的序列号")},
};
static const struct option_row gateway_options[] = {
	{"listen", N_("地址:端口"), N_("本机在工地网络上的地址；默认为设置 gateway.listen")},
};
static const struct option_row pushes_options[] = {
	{"person", N_("人员"), N_("此人在各设备上的情况")},
};
static const struct option_row act_options[] = {
	{"on", N_("日期"), N_("日期；默认现在，地区规则允许时才可另填")},
	{"note", N_("文字"), N_("原因或说明")},
	{"dry-run", NULL, N_("只看谁可以、谁不行，不办理")},
	{"true-date", N_("日期"), N_("事后补记：实际发生的日期，不上传；须写原因")},
	{"evidence", N_("文件"), N_("印证材料：JPEG、PNG 或 PDF，不超过 5 MiB")},
	{"successor", N_("人员"), N_("班组长离开时接任的人")},
};
static const struct option_row code_options[] = {
	{"renew", NULL, N_("另发一个，旧的作废")},
};
static const struct option_row alter_options[] = {
	{"note", N_("文字"), N_("原因或说明")},
	{"dry-run", NULL, N_("只看谁可以、谁不行，不办理")},
};
static const struct option_row undo_options[] = {
	{"all", NULL, N_("连同别人办理的")},
	{"limit", N_("条数"), N_("至多列多少条，默认 200")},
};
static const struct option_row sync_options[] = {
	{"once", NULL, N_("传完、收完就结束")},
	{"now", NULL, N_("连同还在等待撤销的一起传，传完就结束")},
	{"pause", NULL, N_("本项目暂停上传")},
	{"resume", NULL, N_("本项目继续上传")},
	{"unattended-key", N_("文件"), N_("允许无人登录时也上传：写出系统服务的凭据，“-”为标准输出")},
	{"unattended-end", NULL, N_("不再允许，已写出的凭据全部作废")},
	{"yes", NULL, N_("确认：拿到凭据和数据文件的人能读到全部人员资料")},
};
static const struct option_row outbox_options[] = {
	{"refused", NULL, N_("只列被退回的")},
	{"all", NULL, N_("全部，最新的在前")},
};
static const struct option_row explain_options[] = {
	{"profile", N_("地区"), N_("只查这个地区；默认全部")},
};
static const struct option_row retry_options[] = {
	{"refused", NULL, N_("全部被退回的")},
};
static const struct option_row enrol_options[] = {
	{"ca", N_("文件"), N_("平台证书的 CA（PEM），自建证书时用")},
};
static const struct option_row take_over_options[] = {
	{"yes", NULL, N_("确认：较新的数据文件已找不回")},
};
static const struct option_row move_options[] = {
	{"yes", NULL, N_("确认：旧电脑不再办理业务")},
};
static const struct option_row user_options[] = {
	{"display", N_("姓名"), N_("该帐号的使用人")},
	{"roles", N_("角色,…"), "clerk, project_manager, site_operator, subcontractor_clerk, company_hr, legal_representative, administrator, auditor"},
	{"new-password-file", N_("文件"), N_("从文件第一行读新帐号的口令")},
};
static const struct option_row passwd_options[] = {
	{"new-password-file", N_("文件"), N_("从文件第一行读新口令")},
	{"recovery", NULL, N_("凭恢复码重设")},
	{"recovery-file", N_("文件"), N_("从文件第一行读恢复码")},
};
static const struct option_row reset_options[] = {
	{"new-password-file", N_("文件"), N_("从文件第一行读新口令")},
};
static const struct option_row lend_options[] = {
	{"roles", N_("角色,…"), N_("自己的角色")},
	{"until", N_("日期"), N_("最后一天，至多三个月")},
};
static const struct option_row setting_options[] = {
	{"value-file", N_("文件"), N_("从文件第一行读取值（令牌必须这样给）")},
};
static const struct option_row audit_options[] = {
	{"account", N_("帐号"), N_("只列这个帐号做的")},
	{"action", N_("操作"), N_("只列这种操作，例如 reveal")},
	{"object", N_("标识"), N_("只列有关这个对象（uid 或帐号名）的")},
	{"day", N_("日期"), N_("从这一天的最后一条往前")},
	{"limit", N_("条数"), N_("至多列多少条，默认 100")},
};
static const struct option_row backup_options[] = {
	{"check", NULL, N_("不做新的，只把已有的备份从头到尾核对一遍")},
};
static const struct option_row restore_options[] = {
	{"recovery", NULL, N_("凭恢复码打开备份，不用帐号口令")},
	{"recovery-file", N_("文件"), N_("从文件第一行读恢复码")},
};

static const struct option_row import_options[] = {
	{"dry-run", NULL, N_("只试算，逐行说明能不能导入，不写入")},
	{"report", N_("文件"), N_("把不能导入的行连同原因写到新文件（.xlsx 或 .csv），改好后可再导入")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};
static const struct option_row overwrite_options[] = {
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};
static const struct option_row export_options[] = {
	{"every-column", NULL, N_("花名册：档案的全部各列，不只名单上的")},
	{"whole", NULL, N_("号码、电话、工资不掩码；会留下记录")},
	{"reason", N_("文字"), N_("不掩码的原因")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
	{"search", N_("文字"), N_("姓名、拼音、首字母、证件号或手机号（可只写后四位）")},
	{"filter", N_("状态"), N_("与该名单的 list 命令相同")},
	{"team", N_("班组"), N_("只列这个班组")},
	{"company", N_("单位"), N_("合同：只列这个参建单位的")},
	{"limit", N_("人数"), N_("至多列多少人")},
	{"refused", NULL, N_("只列被退回的")},
	{"all", NULL, N_("全部，最新的在前")},
};

static const struct option_row others_options[] = {
	{"search", N_("文字"), N_("姓名、拼音、首字母、证件号或手机号（可只写后四位）")},
};
static const struct option_row paper_options[] = {
	{"out", N_("文件"), N_("写到这个 PDF 文件")},
	{"printer", NULL, N_("直接送打印机")},
	{"whole", NULL, N_("号码、电话、工资不掩码；会留下记录")},
	{"reason", N_("文字"), N_("不掩码的原因")},
	{"overwrite", NULL, N_("同名文件可以覆盖")},
};

#define ACT(n, v, ev)                                                                                        \
	{.name = n, .verb = v, .args = N_("人员…"), .help = ev##_HELP, OPTIONS(act_options), .least = 1, .most = -1, .flags = LOGIN, \
	 .run = run_act, .event = ev}
#define EVENT_SUBMIT_HELP N_("提交分配，等待接收单位确认")
#define EVENT_ACCEPT_HELP N_("两级确认时，专业分包的项目经理先接收分配")
#define EVENT_CONFIRM_HELP N_("项目经理确认分配")
#define EVENT_RETURN_HELP N_("项目经理退回分配")
#define EVENT_ENTER_HELP N_("人员进场")
#define EVENT_EXIT_HELP N_("人员退场")
#define EVENT_WORKS_COMPLETED_HELP N_("工程（或分包工程）完工，人员退场")
#define EVENT_WITHDRAW_HELP N_("撤回尚未进场的分配")
#define EVENT_WITHDRAW_OFFER_HELP N_("撤回本人尚未同意的聘用")
#define EVENT_REGISTER_HELP N_("办理用工登记")
#define EVENT_RECORD_LEAVING_HELP N_("登记离职日期")
#define EVENT_LEAVING_DAY_HELP N_("离职日期已到，办理离职")
#define EVENT_AGREE_LEAVE_HELP N_("同意本人的离职申请")
#define EVENT_DISMISS_HELP N_("解聘")
#define EVENT_TAKE_BACK_HELP N_("取消离职或解聘")
#define EVENT_CONTRACT_ENDED_HELP N_("合同到期或终止，结束用工")
#define EVENT_DIED_HELP N_("人员死亡，结束用工")

static const struct command commands[] = {
	{.name = "practice", .help = N_("在虚构的工地上练习"), .most = -1, .run = run_practice},
	{.name = "init", .help = N_("建立数据目录、项目和第一个帐号"), OPTIONS(init_options), .run = run_init},
	{.name = "card", .verb = "readers", .help = N_("列出读卡器"), .run = run_card_readers},
	{.name = "card", .verb = "read", .help = N_("读一张身份证"), OPTIONS(reader_options), .run = run_card_read},
	{.name = "card", .verb = "watch", .help = N_("持续显示读卡器上的情况"), .run = run_card_watch},
	{.name = "person", .verb = "list", .help = N_("花名册"), OPTIONS(list_options), .flags = LOGIN, .run = run_person_list},
	{.name = "person", .verb = "show", .args = N_("人员"), .help = N_("一个人的档案和经过"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_person_show},
	{.name = "person", .verb = "add", .help = N_("登记人员"), OPTIONS(add_options), .flags = LOGIN | CMD_FIELDS, .run = run_person_add},
	{.name = "person", .verb = "edit", .args = N_("人员"), .help = N_("更正人员资料，被退回的会重新上传"), OPTIONS(edit_options),
	 .least = 1, .most = 1, .flags = LOGIN | CMD_FIELDS, .run = run_person_edit},
	{.name = "person", .verb = "elsewhere", .args = N_("证件号码"), .help = N_("本单位别的项目有没有登记过此人，在哪里做过工"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_person_elsewhere},
	{.name = "person", .verb = "merge", .args = N_("人员 人员"), .help = N_("把第二份档案并入第一份；要有 --note"), OPTIONS(merge_options),
	 .least = 2, .most = 2, .flags = LOGIN, .run = run_person_merge},
	{.name = "person", .verb = "unmerge", .args = N_("人员"), .help = N_("把最近一次合并的两份档案重新分开；要有 --note"),
	 OPTIONS(merge_options), .least = 1, .most = 1, .flags = LOGIN, .run = run_person_unmerge},
	{.name = "person", .verb = "photo", .args = N_("人员"), .help = N_("一个人的照片和证件正反面照：放入、拍照、取出；不带选项时说明有没有"),
	 OPTIONS(photo_options), .least = 1, .most = 1, .flags = LOGIN, .run = run_person_photo},
	{.name = "person", .verb = "export", .args = N_("人员 文件"), .help = N_("把本人的全部资料写成一个文件交给本人，要写原因"), OPTIONS(merge_options),
	 .least = 2, .most = 2, .flags = LOGIN, .run = run_person_export},
	{.name = "person", .verb = "history", .args = N_("人员"), .help = N_("在本机各项目和平台所说别处的工作经历"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_person_history},
	{.name = "training", .verb = "list", .args = N_("人员"), .help = N_("一个人的安全培训"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_training_list},
	{.name = "training", .verb = "add", .args = N_("人员…"), .help = N_("给一人或多人登记一次安全培训"), OPTIONS(training_options), .least = 1,
	 .most = -1, .flags = LOGIN, .run = run_training_add},
	{.name = "training", .verb = "remove", .args = N_("编号"), .help = N_("删除登记错的安全培训；要有 --note"), OPTIONS(merge_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_training_remove},
	{.name = "certificate", .verb = "list", .args = N_("[人员]"), .help = N_("一个人的资格证书；不写人员时列本项目将到期和已过期的"), .most = 1,
	 .flags = LOGIN, .run = run_certificate_list},
	{.name = "certificate", .verb = "add", .args = N_("人员"), .help = N_("登记资格证书，同类的新证代替旧证"), OPTIONS(certificate_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_certificate_add},
	{.name = "certificate", .verb = "remove", .args = N_("编号"), .help = N_("删除登记错的资格证书；要有 --note"), OPTIONS(merge_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_certificate_remove},
	{.name = "mark", .verb = "list", .args = N_("[人员]"), .help = N_("不宜录用标记"), .most = 1, .flags = LOGIN, .run = run_mark_list},
	{.name = "mark", .verb = "set", .args = N_("人员"), .help = N_("加不宜录用标记；要有 --note"), OPTIONS(mark_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_mark_set},
	{.name = "mark", .verb = "lift", .args = N_("编号"), .help = N_("解除不宜录用标记；要有 --note"), OPTIONS(merge_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_mark_lift},
	{.name = "mark", .verb = "override", .args = N_("编号"), .help = N_("本项目放行，标记不变；要有 --note"), OPTIONS(merge_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_mark_override},
	{.name = "employment", .verb = "list", .help = N_("等本人同意的、申请离职的、解聘中的，还有多久、怎么办"), OPTIONS(hiring_options), .flags = LOGIN,
	 .run = run_employment_list},
	{.name = "employment", .verb = "offer", .help = N_("按姓名和证件号码发起聘用，等本人同意"), OPTIONS(offer_options), .flags = LOGIN,
	 .run = run_employment_offer},
	{.name = "employment", .verb = "app", .args = N_("人员"), .help = N_("本人在手机上登记个人信息的情况（地区有此手续时）"), OPTIONS(app_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_employment_app},
	ACT("employment", "register", EVENT_REGISTER),
	ACT("employment", "withdraw-offer", EVENT_WITHDRAW_OFFER),
	ACT("employment", "record-leaving", EVENT_RECORD_LEAVING),
	ACT("employment", "leaving-day", EVENT_LEAVING_DAY),
	ACT("employment", "agree-leave", EVENT_AGREE_LEAVE),
	ACT("employment", "dismiss", EVENT_DISMISS),
	ACT("employment", "take-back", EVENT_TAKE_BACK),
	ACT("employment", "contract-ended", EVENT_CONTRACT_ENDED),
	ACT("employment", "died", EVENT_DIED),
	{.name = "alarm", .verb = "list", .help = N_("什么到期、什么后果、怎么办，按到期先后"), OPTIONS(alarm_options), .flags = LOGIN, .run = run_alarm_list},
	{.name = "alarm", .verb = "raise", .args = N_("种类"), .help = N_("平台已预警"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_RAISE},
	{.name = "alarm", .verb = "withdraw", .args = N_("种类"), .help = N_("平台已取消预警"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_WITHDRAW},
	{.name = "alarm", .verb = "count", .args = N_("种类"), .help = N_("平台已计次"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_COUNT},
	{.name = "alarm", .verb = "deduct", .args = N_("种类"), .help = N_("已扣信用分"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_DEDUCT},
	{.name = "alarm", .verb = "appeal", .args = N_("种类"), .help = N_("已提出异议"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_APPEAL},
	{.name = "alarm", .verb = "void", .args = N_("种类"), .help = N_("异议成立，扣分取消"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_VOID},
	{.name = "alarm", .verb = "uphold", .args = N_("种类"), .help = N_("异议不成立，维持扣分"), OPTIONS(alarm_act_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_alarm_act, .event = EVENT_ALARM_UPHOLD},
	{.name = "post", .verb = "list", .help = N_("关键岗位：谁在岗、缺谁、本月考勤还差几天"), .flags = LOGIN, .run = run_post_list},
	{.name = "post", .verb = "candidates", .args = N_("岗位"), .help = N_("谁可以担任，别人为什么不能"), OPTIONS(candidate_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_post_candidates},
	{.name = "post", .verb = "fill", .args = N_("岗位 人员"), .help = N_("设置或更换岗位人员"), .options = post_options, .n_options = 3, .least = 2,
	 .most = 2, .flags = LOGIN, .run = run_post_act, .event = EVENT_POST_FILL},
	{.name = "post", .verb = "propose", .args = N_("岗位 人员"), .help = N_("由信用系统锁定的岗位：已提交审核"), .options = post_options, .n_options = 3,
	 .least = 2, .most = 2, .flags = LOGIN, .run = run_post_act, .event = EVENT_POST_PROPOSE},
	{.name = "post", .verb = "approve", .args = N_("岗位"), .help = N_("审核通过"), .options = post_options, .n_options = 3, .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_post_act, .event = EVENT_POST_APPROVE},
	{.name = "post", .verb = "turn-down", .args = N_("岗位"), .help = N_("审核不通过"), .options = post_options, .n_options = 3, .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_post_act, .event = EVENT_POST_TURN_DOWN},
	{.name = "post", .verb = "vacate", .args = N_("岗位"), .help = N_("撤下岗位人员"), .options = post_options, .n_options = 3, .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_post_act, .event = EVENT_POST_VACATE},
	{.name = "post", .verb = "absence", .args = N_("岗位"), .help = N_("缺勤报备：当天报备当天"), OPTIONS(post_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_post_absence},
	{.name = "post", .verb = "outage", .help = N_("记下设备离线报备"), OPTIONS(outage_options), .flags = LOGIN, .run = run_post_outage},
	{.name = "post", .verb = "cover", .args = N_("报备"), .help = N_("又有设备报备了：--covered 一共几台"), .options = outage_options + 3, .n_options = 1,
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_post_cover},
	{.name = "post", .verb = "filings", .help = N_("上月以来的缺勤报备和设备离线报备"), .flags = LOGIN, .run = run_post_filings},
	{.name = "post", .verb = "unfile", .args = N_("报备"), .help = N_("取消一条报备"), OPTIONS(merge_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_post_unfile},
	{.name = "contract", .verb = "list", .help = N_("劳动合同和书面协议"), OPTIONS(contracts_options), .flags = LOGIN, .run = run_contract_list},
	{.name = "contract", .verb = "show", .args = N_("合同"), .help = N_("一份合同"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_contract_show},
	{.name = "contract", .verb = "add", .args = N_("人员"), .help = N_("另签一份合同，或续签"), OPTIONS(contract_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_contract_add},
	{.name = "contract", .verb = "edit", .args = N_("合同"), .help = N_("改合同的类型、日期、计量单位和单价"), .options = contract_options,
	 .n_options = 5, .least = 1, .most = 1, .flags = LOGIN, .run = run_contract_edit},
	{.name = "contract", .verb = "sign", .args = N_("合同"), .help = N_("双方已签字，合同生效"), OPTIONS(contract_act_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_contract_act, .event = EVENT_CONTRACT_SIGN},
	{.name = "contract", .verb = "end", .args = N_("合同"), .help = N_("合同到期终止"), OPTIONS(contract_act_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_contract_act, .event = EVENT_CONTRACT_END},
	{.name = "contract", .verb = "terminate", .args = N_("合同"), .help = N_("提前解除合同"), OPTIONS(contract_act_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_contract_act, .event = EVENT_CONTRACT_TERMINATE},
	{.name = "contract", .verb = "scan", .args = N_("合同"), .help = N_("放入或取出合同的扫描件"), OPTIONS(scan_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_contract_scan},
	ACT("assignment", "submit", EVENT_SUBMIT),
	ACT("assignment", "accept", EVENT_ACCEPT),
	ACT("assignment", "confirm", EVENT_CONFIRM),
	ACT("assignment", "return", EVENT_RETURN),
	ACT("assignment", "withdraw", EVENT_WITHDRAW),
	ACT("assignment", "enter", EVENT_ENTER),
	ACT("assignment", "exit", EVENT_EXIT),
	ACT("assignment", "works-completed", EVENT_WORKS_COMPLETED),
	{.name = "assignment", .verb = "team", .args = N_("班组 人员…"), .help = N_("分配或换到班组，提交以后也可以"), OPTIONS(alter_options), .least = 2,
	 .most = -1, .flags = LOGIN, .run = run_alter_team},
	{.name = "assignment", .verb = "trade", .args = N_("工种 人员…"), .help = N_("成批改工种"), OPTIONS(alter_options), .least = 2, .most = -1,
	 .flags = LOGIN, .run = run_alter_trade},
	{.name = "assignment", .verb = "wage", .args = N_("元 人员…"), .help = N_("成批改工资"), OPTIONS(alter_options), .least = 2, .most = -1,
	 .flags = LOGIN, .run = run_alter_wage},
	{.name = "assignment", .verb = "code", .args = N_("人员"), .help = N_("工人码：门岗扫它办理进场"), OPTIONS(code_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_worker_code},
	{.name = "assignment", .verb = "others", .help = N_("本单位在本机其他项目的人，可以分配到本项目"), OPTIONS(others_options), .flags = LOGIN,
	 .run = run_assignment_others},
	{.name = "assignment", .verb = "late", .help = N_("事后补记的手续"), .flags = LOGIN, .run = run_late},
	{.name = "assignment", .verb = "evidence", .args = N_("编号"), .help = N_("补充或取出一条事后补记的印证材料"), OPTIONS(evidence_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_late_evidence},
	{.name = "attendance", .verb = "clock", .args = N_("工人码"), .help = N_("按工人码记一次上班或下班，时间就是现在"), OPTIONS(clock_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_attendance_clock},
	{.name = "attendance", .verb = "list", .help = N_("打卡记录，最近的在前"), OPTIONS(clockings_options), .flags = LOGIN,
	 .run = run_attendance_list},
	{.name = "attendance", .verb = "days", .args = N_("人员"), .help = N_("一个人一个月逐日的考勤"), OPTIONS(days_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_attendance_days},
	{.name = "attendance", .verb = "month", .help = N_("考勤月表：每人每天、天数、考勤率"), OPTIONS(month_options), .flags = LOGIN,
	 .run = run_attendance_month},
	{.name = "register", .verb = "books", .help = N_("本地区规则的登记簿"), .flags = LOGIN, .run = run_register_books},
	{.name = "register", .verb = "list", .args = N_("登记簿"), .help = N_("登记簿里的登记，最近的在前"), OPTIONS(entries_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_register_list},
	{.name = "register", .verb = "add", .args = N_("登记簿 人员 项=值…"), .help = N_("登记一条"), OPTIONS(entry_options), .least = 1, .most = -1,
	 .flags = LOGIN, .run = run_register_add},
	{.name = "register", .verb = "edit", .args = N_("登记簿 编号 项=值…"), .help = N_("修改一条"), .least = 3, .most = -1, .flags = LOGIN,
	 .run = run_register_edit},
	{.name = "register", .verb = "remove", .args = N_("登记簿 编号"), .help = N_("删除一条"), OPTIONS(entry_remove_options), .least = 2, .most = 2,
	 .flags = LOGIN, .run = run_register_remove},
	{.name = "register", .verb = "import", .args = N_("登记簿 文件"), .help = N_("从表格（.xlsx、.csv）导入，每行给出结果"), OPTIONS(table_options),
	 .least = 2, .most = 2, .flags = LOGIN, .run = run_register_import},
	{.name = "register", .verb = "template", .args = N_("登记簿 文件"), .help = N_("写出登记簿的导入模板"), OPTIONS(overwrite_options), .least = 2,
	 .most = 2, .flags = LOGIN, .run = run_register_template},
	{.name = "register", .verb = "print", .args = N_("登记簿 编号 文件"), .help = N_("把一条写成 PDF，打印后签字"), OPTIONS(overwrite_options), .least = 3,
	 .most = 3, .flags = LOGIN, .run = run_register_print},
	{.name = "wages", .verb = "list", .help = N_("工资台账"), OPTIONS(wages_options), .flags = LOGIN, .run = run_wages_list},
	{.name = "wages", .verb = "match", .help = N_("工资与考勤的匹配率：预计的、实际的"), .options = wages_options, .n_options = 1, .flags = LOGIN,
	 .run = run_wages_match},
	{.name = "wages", .verb = "missing", .help = N_("有考勤、工资表上没有的人"), .options = wages_options, .n_options = 1, .flags = LOGIN,
	 .run = run_wages_missing},
	{.name = "wages", .verb = "import", .args = N_("文件"), .help = N_("从表格（.xlsx、.csv）导入工资表，每行给出结果"), OPTIONS(wages_import_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_wages_import},
	{.name = "wages", .verb = "print", .args = N_("文件"), .help = N_("二本台账：用工台账和这个月的工资台账，写成一个 PDF"), OPTIONS(ledger_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_wages_print},
	{.name = "wages", .verb = "template", .args = N_("文件"), .help = N_("写出工资表的导入模板"), OPTIONS(overwrite_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_wages_template},
	{.name = "team", .verb = "leader", .args = N_("班组 人员"), .help = N_("指定班组长，全班组一起换"), .least = 2, .most = 2, .flags = LOGIN,
	 .run = run_team_leader},
	{.name = "company", .verb = "list", .help = N_("企业库"), .flags = LOGIN, .run = run_company_list},
	{.name = "company", .verb = "add", .help = N_("在企业库中添加企业"), OPTIONS(company_options), .flags = LOGIN, .run = run_company_add},
	{.name = "participant", .verb = "list", .help = N_("本项目的参建单位"), .flags = LOGIN, .run = run_participant_list},
	{.name = "participant", .verb = "add", .help = N_("添加参建单位"), OPTIONS(participant_options), .flags = LOGIN,
	 .run = run_participant_add},
	{.name = "participant", .verb = "enter", .args = N_("单位"), .help = N_("参建单位进场"), .options = on_options, .n_options = 1,
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_participant_act, .event = EVENT_SITE_ENTER},
	{.name = "participant", .verb = "exit", .args = N_("单位"), .help = N_("参建单位退场"), .options = on_options, .n_options = 1,
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_participant_act, .event = EVENT_SITE_EXIT},
	{.name = "team", .verb = "list", .help = N_("本项目的班组"), .flags = LOGIN, .run = run_team_list},
	{.name = "team", .verb = "add", .help = N_("添加班组"), OPTIONS(team_options), .flags = LOGIN, .run = run_team_add},
	{.name = "team", .verb = "enter", .args = N_("班组"), .help = N_("班组进场"), OPTIONS(on_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_team_act, .event = EVENT_SITE_ENTER},
	{.name = "team", .verb = "exit", .args = N_("班组"), .help = N_("班组退场"), OPTIONS(on_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_team_act, .event = EVENT_SITE_EXIT},
	{.name = "import", .verb = "roster", .args = N_("文件"), .help = N_("从表格（.xlsx、.csv）导入花名册"), OPTIONS(import_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_import_roster},
	{.name = "import", .verb = "template", .args = N_("文件"), .help = N_("写出花名册的导入模板（.xlsx）"), OPTIONS(overwrite_options),
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_import_template},
	{.name = "export", .args = N_("名单 文件"), .help = N_("把名单导出为表格：roster、contracts、attendance、clockings、certificates、marks、late、teams、participants、companies、outbox、accounts"),
	 OPTIONS(export_options), .least = 2, .most = 2, .flags = LOGIN, .run = run_export},
	{.name = "print", .verb = "list", .args = N_("名单 文件"), .help = N_("把名单打印为 PDF 文件（A4）"), OPTIONS(export_options), .least = 2,
	 .most = 2, .flags = LOGIN, .run = run_print_list},
	{.name = "print", .verb = "form", .args = N_("人员…"), .help = N_("打印用工登记表，每人一页"), OPTIONS(paper_options), .least = 1,
	 .most = -1, .flags = LOGIN, .run = run_print_people},
	{.name = "print", .verb = "badge", .args = N_("人员…"), .help = N_("打印工牌，每页十张"), OPTIONS(paper_options), .least = 1, .most = -1,
	 .flags = LOGIN, .run = run_print_people},
	{.name = "print", .verb = "entry-sheet", .args = N_("人员…"), .help = N_("打印进场登记表，留出签名栏"), OPTIONS(paper_options), .least = 1,
	 .most = -1, .flags = LOGIN, .run = run_print_people},
	{.name = "print", .verb = "record", .args = N_("编号"), .help = N_("打印一条手续：事后补记、更正的前后、申请和答复，签字用"), OPTIONS(paper_options), .least = 1, .most = 1, .flags = LOGIN, .run = run_print_sheet},
	{.name = "print", .verb = "application", .args = N_("申报编号"), .help = N_("打印一份项目申报，签字用"), OPTIONS(paper_options), .least = 1, .most = 1, .flags = LOGIN, .run = run_print_sheet},
	{.name = "undo", .verb = "list", .help = N_("办理过什么，哪些还能撤销"), OPTIONS(undo_options), .flags = LOGIN, .run = run_undo_list},
	{.name = "undo", .verb = "take-back", .args = N_("[编号]"), .help = N_("撤销一次办理，整批一起；不写编号为自己最近的一次"), .most = 1,
	 .flags = LOGIN, .run = run_undo_take_back},
	{.name = "company", .verb = "show", .args = N_("信用代码"), .help = N_("一个企业的全部资料"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_sheet_show},
	{.name = "company", .verb = "edit", .args = N_("信用代码 项=值…"), .help = N_("修改企业资料"), .least = 2, .most = -1, .flags = LOGIN,
	 .run = run_sheet_edit},
	{.name = "participant", .verb = "show", .args = N_("单位"), .help = N_("参建单位的资料"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_sheet_show},
	{.name = "participant", .verb = "edit", .args = N_("单位 项=值…"), .help = N_("修改参建单位的项目经理等资料"), .least = 2, .most = -1,
	 .flags = LOGIN, .run = run_sheet_edit},
	{.name = "participant", .verb = "delete", .args = N_("单位"), .help = N_("删除没有进过场、没有上传过的参建单位"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_participant_delete},
	{.name = "participant", .verb = "clear-out", .args = N_("单位"), .help = N_("参建单位的人员、班组和单位一次退场"), .options = clear_options,
	 .n_options = 2, .least = 1, .most = 1, .flags = LOGIN, .run = run_clear_out},
	{.name = "team", .verb = "edit", .args = N_("班组"), .help = N_("普通工人班组改名或改为其他人员班组"), OPTIONS(team_edit_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_team_edit},
	{.name = "team", .verb = "delete", .args = N_("班组"), .help = N_("删除没有进过场、没有上传过的班组"), OPTIONS(team_edit_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_team_delete},
	{.name = "team", .verb = "clear-out", .args = N_("班组"), .help = N_("班组的人员和班组一次退场"), OPTIONS(clear_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_clear_out},
	{.name = "team", .verb = "associate", .args = N_("班组"), .help = N_("向劳务单位申请班组关联"), OPTIONS(associate_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_associate, .event = EVENT_ASSOCIATE},
	{.name = "team", .verb = "unbind", .args = N_("班组"), .help = N_("解除班组关联"), OPTIONS(associate_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_associate, .event = EVENT_UNBIND},
	{.name = "team", .verb = "set-own", .args = N_("班组"), .help = N_("把解绑的班组设为本单位班组"), OPTIONS(on_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_team_act, .event = EVENT_SET_OWN},
	{.name = "team", .verb = "confirm-association", .args = N_("班组编号"), .help = N_("由被申请的劳务单位确认关联"), .options = note_options,
	 .n_options = 1, .least = 1, .most = 1, .flags = LOGIN, .run = run_association_answer, .event = EVENT_ASSOCIATION_CONFIRMED},
	{.name = "team", .verb = "refuse-association", .args = N_("班组编号"), .help = N_("由被申请的劳务单位拒绝关联"), .options = note_options,
	 .n_options = 1, .least = 1, .most = 1, .flags = LOGIN, .run = run_association_answer, .event = EVENT_ASSOCIATION_REFUSED},
	{.name = "team", .verb = "associations", .help = N_("班组关联：待确认、已关联、已解绑，预警日"), .flags = LOGIN, .run = run_association_list},
	{.name = "project", .verb = "list", .help = N_("本机的项目"), OPTIONS(project_search_options), .flags = LOGIN, .run = run_project_list},
	{.name = "project", .verb = "add", .help = N_("在本机再建立一个项目"), OPTIONS(project_options), .flags = LOGIN, .run = run_project_add},
	{.name = "project", .verb = "show", .help = N_("当前项目的资料"), .flags = LOGIN, .run = run_sheet_show},
	{.name = "project", .verb = "edit", .args = N_("项=值…"), .help = N_("修改当前项目的资料"), .least = 1, .most = -1, .flags = LOGIN,
	 .run = run_sheet_edit},
	{.name = "project", .verb = "check", .help = N_("当前项目需要核对的内容"), .flags = LOGIN, .run = run_project_check},
	{.name = "project", .verb = "start", .help = N_("项目开工"), .options = on_options, .n_options = 1, .flags = LOGIN, .run = run_project_act,
	 .event = EVENT_START},
	{.name = "project", .verb = "stop", .help = N_("项目停工"), .options = on_options, .n_options = 1, .flags = LOGIN, .run = run_project_act,
	 .event = EVENT_STOP},
	{.name = "project", .verb = "resume", .help = N_("项目复工"), .options = on_options, .n_options = 1, .flags = LOGIN, .run = run_project_act,
	 .event = EVENT_RESUME},
	{.name = "project", .verb = "complete", .help = N_("项目竣工"), .options = on_options, .n_options = 1, .flags = LOGIN, .run = run_project_act,
	 .event = EVENT_COMPLETE},
	{.name = "project", .verb = "end-supervision", .help = N_("项目终止监督"), .options = on_options, .n_options = 1, .flags = LOGIN,
	 .run = run_project_act, .event = EVENT_END_SUPERVISION},
	{.name = "project", .verb = "clear-out", .help = N_("工程完工：项目的人员、班组、参建单位一次退场"), .options = clear_options, .n_options = 2,
	 .flags = LOGIN, .run = run_clear_out},
	{.name = "project", .verb = "offers", .help = N_("平台上已备案、还没有获取的项目"), .flags = LOGIN, .run = run_project_offers},
	{.name = "project", .verb = "fetch", .args = N_("编号"), .help = N_("把平台上的项目获取到本机"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_project_fetch},
	{.name = "application", .verb = "list", .help = N_("项目申报"), .flags = LOGIN, .run = run_application_list},
	{.name = "application", .verb = "add", .args = N_("项=值…"), .help = N_("准备一份项目申报"), .least = 1, .most = -1, .flags = LOGIN,
	 .run = run_application_add},
	{.name = "application", .verb = "show", .args = N_("编号"), .help = N_("一份申报的资料"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_sheet_show},
	{.name = "application", .verb = "edit", .args = N_("编号 项=值…"), .help = N_("修改申报的资料，登记所得账号"), .least = 2, .most = -1,
	 .flags = LOGIN, .run = run_sheet_edit},
	{.name = "application", .verb = "approve", .args = N_("编号"), .help = N_("登记平台的答复：审核通过"), OPTIONS(note_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_application_act, .event = EVENT_APPROVE},
	{.name = "application", .verb = "turn-down", .args = N_("编号"), .help = N_("登记平台的答复：审核不通过"), OPTIONS(note_options), .least = 1,
	 .most = 1, .flags = LOGIN, .run = run_application_act, .event = EVENT_TURN_DOWN},
	{.name = "application", .verb = "apply", .args = N_("编号"), .help = N_("改好资料后重新申报"), OPTIONS(note_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_application_act, .event = EVENT_APPLY},
	{.name = "device", .verb = "list", .help = N_("登记的考勤设备：最近联系、离线、下发了多少人"), .flags = LOGIN, .run = run_device_list},
	{.name = "device", .verb = "add", .args = N_("序列号"), .help = N_("登记一台设备，允许接入"), .options = device_options, .n_options = 7,
	 .least = 1, .most = 1, .flags = LOGIN, .run = run_device_add},
	{.name = "device", .verb = "edit", .args = N_("序列号"), .help = N_("修改一台设备的登记"), OPTIONS(device_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_device_edit},
	{.name = "device", .verb = "allow", .args = N_("序列号"), .help = N_("允许设备接入"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_device_allow},
	{.name = "device", .verb = "forbid", .args = N_("序列号"), .help = N_("停止设备接入"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_device_allow},
	{.name = "device", .verb = "withdraw", .args = N_("序列号"), .help = N_("把设备撤下工地，不再接入；记录保留"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_device_withdraw},
	{.name = "device", .verb = "pushes", .args = N_("[序列号]"), .help = N_("谁已下发到设备，谁没有，为什么"), OPTIONS(pushes_options), .most = 1,
	 .flags = LOGIN, .run = run_device_pushes},
	{.name = "device", .verb = "collected", .help = N_("设备采集、还没有核对的人员"), .flags = LOGIN, .run = run_device_collected},
	{.name = "device", .verb = "take", .args = N_("编号 人员"), .help = N_("采集的人员已有档案：采用，照片放入档案"), .least = 2, .most = 2,
	 .flags = LOGIN, .run = run_device_settle},
	{.name = "device", .verb = "drop", .args = N_("编号"), .help = N_("采集的人员不采用"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_device_settle},
	{.name = "gateway", .help = N_("让工地网络上登记过的考勤设备接入本机，直到按 Ctrl-C"), OPTIONS(gateway_options), .flags = LOGIN, .run = run_gateway},
	{.name = "sync", .help = N_("与平台上传和接收"), OPTIONS(sync_options), .flags = LOGIN, .run = run_sync},
	{.name = "outbox", .verb = "list", .help = N_("待传和被退回的"), OPTIONS(outbox_options), .flags = LOGIN, .run = run_outbox_list},
	{.name = "outbox", .verb = "show", .args = N_("编号"), .help = N_("一条上传的情况"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_outbox_show},
	{.name = "outbox", .verb = "retry", .args = N_("编号…"), .help = N_("原样重新上传被退回的"), OPTIONS(retry_options), .most = -1,
	 .flags = LOGIN, .run = run_outbox_retry},
	{.name = "outbox", .verb = "give-up", .args = N_("编号"), .help = N_("放弃一条被退回的：办的作废，等它的一并不传"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_outbox_give_up},
	{.name = "outbox", .verb = "send", .args = N_("编号"), .help = N_("一条还可撤销的不再等候，现在就传"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_outbox_send},
	{.name = "outbox", .verb = "results", .help = N_("上传结果，按种类"), .flags = LOGIN, .run = run_outbox_results},
	{.name = "outbox", .verb = "whole", .help = N_("项目是否完整上传，还缺什么"), .flags = LOGIN, .run = run_outbox_whole},
	{.name = "outbox", .verb = "by-hand", .help = N_("要在平台页面上办的"), .flags = LOGIN, .run = run_outbox_by_hand},
	{.name = "outbox", .verb = "done", .args = N_("编号 [平台编号]"), .help = N_("在平台页面上办完了一条"), .least = 1, .most = 2, .flags = LOGIN,
	 .run = run_outbox_done},
	{.name = "outbox", .verb = "done-kind", .args = N_("种类"), .help = N_("在平台页面上办完了这一种类的全部（outbox by-hand 列出的种类）"), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_outbox_done_kind},
	{.name = "conflict", .verb = "list", .help = N_("这里和平台都改过的内容"), .flags = LOGIN, .run = run_conflict_list},
	{.name = "conflict", .verb = "take", .args = N_("mine|theirs 编号…"), .help = N_("选定不一致的值：mine 用这里的，theirs 用平台的"), .least = 2,
	 .most = -1, .flags = LOGIN, .run = run_conflict_take},
	{.name = "enrol", .args = N_("地址 登记码"), .help = N_("凭一次性登记码向平台登记本机"), OPTIONS(enrol_options), .least = 2, .most = 2,
	 .flags = LOGIN, .run = run_enrol},
	{.name = "connection", .verb = "show", .help = N_("与平台的连接"), .flags = LOGIN, .run = run_connection_show},
	{.name = "connection", .verb = "lines", .help = N_("各项目的线路"), .flags = LOGIN, .run = run_connection_lines},
	{.name = "connection", .verb = "test", .help = N_("测试连接，指出哪里不对"), .flags = LOGIN, .run = run_connection_test},
	{.name = "connection", .verb = "take-over", .help = N_("较新的数据找不回时，用这份数据接着上传"), OPTIONS(take_over_options), .flags = LOGIN,
	 .run = run_connection_take_over},
	{.name = "connection", .verb = "move", .help = N_("换了电脑：由这台接着上传，旧电脑从此传不出去"), OPTIONS(move_options), .flags = LOGIN,
	 .run = run_connection_move},
	{.name = "profile", .verb = "list", .help = N_("可用的地区规则"), .run = run_profile_list},
	{.name = "profile", .verb = "check", .args = N_("文件"), .help = N_("检查地区规则文件，逐处指出错误"), .least = 1, .most = 1,
	 .run = run_profile_check},
	{.name = "profile", .verb = "show", .args = N_("地区"), .help = N_("地区规则的内容和出处"), .least = 1, .most = 1, .run = run_profile_show},
	{.name = "explain", .args = N_("文字"), .help = N_("平台提示的原因和办法，按其中几个字查找，不用联网"), OPTIONS(explain_options), .least = 1, .most = 1,
	 .run = run_explain},
	{.name = "user", .verb = "list", .help = N_("帐号"), .flags = LOGIN, .run = run_user_list},
	{.name = "user", .verb = "add", .args = N_("帐号"), .help = N_("新建帐号"), OPTIONS(user_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_user_add},
	{.name = "user", .verb = "disable", .args = N_("帐号"), .help = N_("停用帐号"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_user_disable},
	{.name = "user", .verb = "enable", .args = N_("帐号"), .help = N_("启用帐号"), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_user_enable},
	{.name = "user", .verb = "passwd", .help = N_("更改自己的口令，或凭恢复码重设"), OPTIONS(passwd_options), .flags = CMD_DATA,
	 .run = run_user_passwd},
	{.name = "user", .verb = "reset", .args = N_("帐号"), .help = N_("为别人重设口令"), OPTIONS(reset_options), .least = 1, .most = 1, .flags = LOGIN,
	 .run = run_user_reset},
	{.name = "user", .verb = "lend", .args = N_("帐号"), .help = N_("把自己的角色借给别的帐号，到某一天为止"), OPTIONS(lend_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_user_lend},
	{.name = "user", .verb = "loans", .help = N_("现在有效的授权"), .flags = LOGIN, .run = run_user_loans},
	{.name = "user", .verb = "takeback", .args = N_("编号"), .help = N_("收回授权"), .least = 1, .most = 1, .flags = LOGIN, .run = run_user_takeback},
	{.name = "setting", .args = N_("名称 [值]"), .help = N_("查看或更改设置，例如 platform.url"), OPTIONS(setting_options), .least = 1,
	 .most = 2, .flags = LOGIN, .run = run_setting},
	{.name = "audit", .verb = "list", .help = N_("操作日志：谁在什么时候对谁做了什么，最新的在前"), OPTIONS(audit_options), .flags = LOGIN,
	 .run = run_audit_list},
	{.name = "audit", .verb = "verify", .help = N_("核对操作日志是否完整"), .flags = LOGIN, .run = run_audit_verify},
	{.name = "key", .verb = "rotate", .help = N_("更换数据密钥：有人离开或副本外流以后；给出新的恢复码"), OPTIONS(rotate_options), .flags = LOGIN, .run = run_key_rotate},
	{.name = "terms", .verb = "list", .help = N_("各种资料的保存期限，哪些已到期"), .flags = LOGIN, .run = run_terms_list},
	{.name = "terms", .verb = "erased", .help = N_("清除过什么：人数、项数、摘要"), .flags = LOGIN, .run = run_terms_erased},
	{.name = "terms", .verb = "keep", .args = N_("种类 年数"), .help = N_("更改保存年数，不少于规定"), .least = 2, .most = 2, .flags = LOGIN,
	 .run = run_terms_keep},
	{.name = "terms", .verb = "settled", .args = N_("[日期]"), .help = N_("登记工资全部结清的日期；不写日期为撤回"), .most = 1, .flags = LOGIN,
	 .run = run_terms_settled},
	{.name = "terms", .verb = "erase", .args = N_("种类"), .help = N_("清除到期的资料，不能恢复"), OPTIONS(erase_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_terms_erase},
	{.name = "backup", .args = N_("文件"), .help = N_("把全部数据备份为一个加密文件，并读回核对"), OPTIONS(backup_options), .least = 1, .most = 1,
	 .flags = LOGIN, .run = run_backup},
	{.name = "restore", .args = N_("文件"), .help = N_("用备份在空的数据目录里恢复"), OPTIONS(restore_options), .least = 1, .most = 1,
	 .run = run_restore},
	{.name = "doctor", .help = N_("检查读卡器、服务、权限、时钟、磁盘和数据，并说明怎么办"), OPTIONS(doctor_options),
	 .run = run_doctor},
};

const struct command *command_at(size_t i)
{
	return i < ARRAY_LEN(commands) ? &commands[i] : NULL;
}

bool command_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return true;
	return false;
}

const struct command *command_find(const char *name, const char *verb)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];

		if (strcmp(c->name, name) == 0 && (!c->verb || (verb && strcmp(c->verb, verb) == 0)))
			return c;
	}
	return NULL;
}
