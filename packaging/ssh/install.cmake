# SPDX-License-Identifier: GPL-3.0-or-later
# What lets a clerk's own reader come along over ssh: README.md in this folder. The server's part takes effect where the
# installation is the system's (prefix /usr); elsewhere README.md says where the files belong.
set(SHIMING_SSH ${CMAKE_SOURCE_DIR}/packaging/ssh)

configure_file(${SHIMING_SSH}/user-runtime-dir.conf ${CMAKE_BINARY_DIR}/ssh/user-runtime-dir.conf @ONLY)
install(FILES ${SHIMING_SSH}/sshd-shiming.conf DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/ssh/sshd_config.d
	RENAME shiming.conf)
install(FILES ${CMAKE_BINARY_DIR}/ssh/user-runtime-dir.conf
	DESTINATION lib/systemd/system/user-runtime-dir@.service.d RENAME shiming.conf)
install(PROGRAMS ${SHIMING_SSH}/runtime-name DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/shiming)
install(FILES ${SHIMING_SSH}/client-shiming.conf ${SHIMING_SSH}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/shiming/ssh)
