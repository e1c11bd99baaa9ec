/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of errors: code, class, exit status (DESIGN 12), sentence, advice. Included by err.h and err.c only, hence no guard. */
ERR(ERR_NONE, ERR_CLASS_NONE, 0, "", "")

/* --- the machine --- */
ERR(ERR_MEMORY, ERR_CLASS_ACTION, 1, "内存不足", "关闭其他程序后再试；已填写的内容没有丢失")
ERR(ERR_DISK_FULL, ERR_CLASS_ACTION, 1, "磁盘空间不足，未能保存", "清理磁盘（至少 20 MiB）后按同一个键再保存；已填写的内容没有丢失")
ERR(ERR_READ_ONLY, ERR_CLASS_ACTION, 1, "磁盘或目录是只读的，未能保存", "检查磁盘是否故障或以只读方式挂载，恢复后再保存")
ERR(ERR_NO_PERMISSION, ERR_CLASS_FATAL, 4, "没有权限使用该文件或目录", "请用安装时指定的帐户登录，或运行 shiming doctor 查看应有的权限")
ERR(ERR_NOT_FOUND, ERR_CLASS_ACTION, 1, "找不到", "检查名称或路径是否正确")
ERR(ERR_SYSTEM, ERR_CLASS_ACTION, 1, "系统调用失败", "再试一次；仍不行请把“详情”告诉管理员")
ERR(ERR_TOO_LARGE, ERR_CLASS_ACTION, 1, "内容超过允许的大小", "缩小后再试")
ERR(ERR_INTERNAL, ERR_CLASS_ACTION, 1, "程序内部错误", "请把“详情”告诉管理员；已保存的内容没有受影响")
ERR(ERR_USAGE, ERR_CLASS_FATAL, 2, "命令用法不对", "运行 shiming --help 查看用法")
ERR(ERR_HELPER_MISSING, ERR_CLASS_BACKGROUND, 1, "缺少辅助程序", "重新安装 shiming，或检查 SHIMING_LIBEXEC")
ERR(ERR_HELPER_DIED, ERR_CLASS_BACKGROUND, 1, "辅助程序意外退出", "程序会自动重新启动它；反复出现请运行 shiming doctor")
ERR(ERR_TERMINAL, ERR_CLASS_FATAL, 1, "无法使用终端", "请在终端窗口或 SSH 会话中运行，并检查 TERM")
ERR(ERR_JSON, ERR_CLASS_BACKGROUND, 1, "收到的 JSON 内容有误", "内容未被采用；请把“详情”告诉对方平台或管理员")

/* --- the data directory (DESIGN 5) --- */
ERR(ERR_NO_DATA, ERR_CLASS_FATAL, 3, "没有找到数据目录", "用 shiming init 建立，或用 --data 指定；练习请运行 shiming practice")
ERR(ERR_DATA_EXISTS, ERR_CLASS_FATAL, 1, "数据目录已存在，不会覆盖", "换一个目录，或直接打开已有的数据目录")
ERR(ERR_DATA_LOCKED, ERR_CLASS_FATAL, 3, "数据正被其他程序占用", "等待对方完成，或关闭占用它的程序")
ERR(ERR_DATA_NEWER, ERR_CLASS_FATAL, 3, "数据由更新版本的程序建立，未作任何改动", "请升级本程序后再打开")
ERR(ERR_DATA_DAMAGED, ERR_CLASS_FATAL, 3, "数据文件已损坏，程序不会自行修复", "请用最近一次完好的备份恢复；不要删除原文件")
ERR(ERR_DATA_FOREIGN, ERR_CLASS_FATAL, 3, "这不是 shiming 的数据文件", "检查 --data 指定的目录")
ERR(ERR_DATA_MODE, ERR_CLASS_FATAL, 3, "数据目录的属主或权限不对，别的用户可以读取", "按 shiming doctor 给出的命令改正后再打开")
ERR(ERR_DATA_NETWORK, ERR_CLASS_FATAL, 3, "数据目录在网络盘上，SQLite 在网络盘上不安全", "把数据目录放到本机磁盘")
ERR(ERR_BUSY, ERR_CLASS_ACTION, 1, "数据库正忙", "稍等片刻再按一次；已填写的内容没有丢失")
ERR(ERR_CONFLICT, ERR_CLASS_ACTION, 1, "这条记录刚被别人改过", "已为您重新载入，请核对后再办理")

/* --- accounts (QUALITY S2, S3) --- */
ERR(ERR_LOGIN, ERR_CLASS_ACTION, 4, "帐号或口令不对", "检查大小写和输入法后重试；连续 5 次不对将锁定 10 分钟")
ERR(ERR_ACCOUNT_LOCKED, ERR_CLASS_ACTION, 4, "帐号已锁定", "等待 10 分钟后再试，或请管理员处理")
ERR(ERR_ACCOUNT_DISABLED, ERR_CLASS_ACTION, 4, "帐号已停用", "请联系系统管理员")
ERR(ERR_ACCOUNT_EXISTS, ERR_CLASS_ACTION, 1, "该帐号已存在", "换一个帐号名")
ERR(ERR_PASSWORD_WEAK, ERR_CLASS_FIELD, 1, "口令太简单", "至少 8 个字符，含大写、小写、数字、符号中的三种")
ERR(ERR_PASSWORD_REUSED, ERR_CLASS_FIELD, 1, "不能使用最近 3 次用过的口令", "请换一个新口令")
ERR(ERR_RECOVERY, ERR_CLASS_ACTION, 4, "恢复码不对", "请核对建立数据目录时打印的恢复码")
ERR(ERR_NOT_PERMITTED, ERR_CLASS_ACTION, 4, "您的帐号无权办理此事", "请由有此权限的人员登录办理")
ERR(ERR_NO_SESSION, ERR_CLASS_ACTION, 4, "尚未登录", "请先登录")
ERR(ERR_SEAL, ERR_CLASS_ACTION, 1, "加密内容无法打开，可能被改动过", "不要继续修改；请用备份核对，并联系管理员")

/* --- rules and life cycles --- */
ERR(ERR_FORBIDDEN, ERR_CLASS_ACTION, 1, "现在不能这样办理", "先完成前面的步骤")
ERR(ERR_FINDINGS, ERR_CLASS_FIELD, 1, "还有必须改正的内容", "光标已移到第一处，按提示改正后再保存")
ERR(ERR_NO_PROJECT, ERR_CLASS_ACTION, 1, "没有当前项目", "先选择或建立项目")
ERR(ERR_NO_SUCH, ERR_CLASS_ACTION, 1, "没有这条记录", "可能已被合并或删除，请刷新后重选")
ERR(ERR_DUPLICATE, ERR_CLASS_ACTION, 1, "已有相同的记录", "请打开已有的记录办理")
ERR(ERR_NOT_WITHDRAWABLE, ERR_CLASS_ACTION, 1, "这一条已发送，不能再撤回", "请用相应的反向手续办理")

/* --- profiles --- */
ERR(ERR_PROFILE, ERR_CLASS_FATAL, 1, "地区规则文件有误", "按“详情”所示位置改正；可用 shiming profile check 检查")
ERR(ERR_PROFILE_UNKNOWN, ERR_CLASS_FATAL, 1, "没有这个地区规则", "用 shiming profile list 查看可用的地区")

/* --- the card --- */
ERR(ERR_CARD_SERVICE, ERR_CLASS_BACKGROUND, 1, "读卡服务（pcscd）没有运行", "运行 sudo systemctl start pcscd.socket，或请 IT 人员安装 pcscd")
ERR(ERR_CARD_REFUSED_SERVICE, ERR_CLASS_BACKGROUND, 4, "系统不允许本会话使用读卡器", "远程或服务会话需要 polkit 规则，见 shiming doctor")
ERR(ERR_CARD_NO_READER, ERR_CLASS_BACKGROUND, 1, "没有找到读卡器", "插好读卡器的 USB 线或串口线；已插好仍不行请运行 shiming doctor")
ERR(ERR_CARD_READER_BUSY, ERR_CLASS_BACKGROUND, 1, "读卡器被其他程序独占", "关闭其他读卡软件后再放卡")
ERR(ERR_CARD_READER_GONE, ERR_CLASS_BACKGROUND, 1, "读卡器已断开", "重新插好读卡器，不必重启程序")
ERR(ERR_CARD_NO_CARD, ERR_CLASS_BACKGROUND, 1, "读卡器上没有身份证", "把身份证平放在读卡器上")
ERR(ERR_CARD_REMOVED, ERR_CLASS_BACKGROUND, 1, "读卡中途身份证被拿开", "重新放好，等提示“读取完成”后再拿开")
ERR(ERR_CARD_UNREADABLE, ERR_CLASS_BACKGROUND, 1, "身份证读不出，可能损坏或消磁，或不是身份证", "换一个读卡器试；仍不行请手工录入并提醒本人换证")
ERR(ERR_CARD_NOT_GENUINE, ERR_CLASS_BACKGROUND, 1, "读卡器与证件互不认可，不能当作已读取", "核对证件真伪；不要按已读取登记")
ERR(ERR_CARD_MODULE, ERR_CLASS_BACKGROUND, 1, "读卡器的安全模块故障或未授权", "联系读卡器厂家维修；暂时可手工录入")
ERR(ERR_CARD_LINE, ERR_CLASS_BACKGROUND, 1, "读卡器数据线路出错", "检查连接线和接口后再放卡")
ERR(ERR_CARD_NO_MODULE, ERR_CLASS_BACKGROUND, 1, "这是普通 NFC 读卡器，没有身份证安全模块，读不出个人信息", "请换用身份证阅读机具")
ERR(ERR_CARD_CONTENT, ERR_CLASS_BACKGROUND, 1, "证件内容无法识别", "请手工录入，并把“详情”告诉技术支持")
ERR(ERR_CARD_TIMEOUT, ERR_CLASS_BACKGROUND, 1, "等待放卡超时", "把身份证平放在读卡器上再试")

/* --- the platform --- */
ERR(ERR_NET_OFFLINE, ERR_CLASS_BACKGROUND, 1, "连接不上平台", "不影响办理；网络恢复后自动上传")
ERR(ERR_NET_TLS, ERR_CLASS_BACKGROUND, 1, "平台的证书未通过验证，没有发送任何内容", "检查本机时间和平台证书；单位自建证书请由管理员添加 CA")
ERR(ERR_NET_PORTAL, ERR_CLASS_BACKGROUND, 1, "网络要求先登录（上网认证页），没有发送任何内容", "用浏览器完成上网认证后会自动继续")
ERR(ERR_NET_PROXY, ERR_CLASS_BACKGROUND, 1, "代理服务器要求认证", "请管理员在连接设置中填写代理帐号")
ERR(ERR_NET_UNAUTHORIZED, ERR_CLASS_BACKGROUND, 1, "平台不认可本机的令牌（401）", "请管理员重新登记本机；待传内容原样保留")
ERR(ERR_NET_REFUSED, ERR_CLASS_BACKGROUND, 1, "平台拒绝本机访问（403）", "请管理员与平台联系；待传内容原样保留")
ERR(ERR_NET_SLOW_DOWN, ERR_CLASS_BACKGROUND, 1, "平台要求稍后再传", "到时会自动继续")
ERR(ERR_NET_SERVER, ERR_CLASS_BACKGROUND, 1, "平台暂时不可用", "稍后会自动再传")
ERR(ERR_NET_ANSWER, ERR_CLASS_BACKGROUND, 1, "平台的应答不符合约定，没有采用", "请把“详情”告诉平台；待传内容原样保留")
ERR(ERR_NET_NOT_CONFIGURED, ERR_CLASS_BACKGROUND, 1, "尚未设置平台连接", "请管理员设置平台地址和令牌")
ERR(ERR_NET_BEHIND, ERR_CLASS_BACKGROUND, 1, "本机数据比平台见过的旧，可能恢复了旧备份，已停止上传", "请恢复较新的数据文件；不清楚时请联系管理员，不要继续办理")
ERR(ERR_OP_REJECTED, ERR_CLASS_BACKGROUND, 1, "平台退回了这条记录", "按平台给出的原因改正后重新上传")
