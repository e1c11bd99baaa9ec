# SPDX-License-Identifier: GPL-3.0-or-later
# The unattended runner: unit, user and directories. Installed, never enabled: README.md in this folder.
set(SHIMING_SYSTEMD ${CMAKE_SOURCE_DIR}/packaging/systemd)

foreach(unit shiming-sync shiming-gateway)
	configure_file(${SHIMING_SYSTEMD}/${unit}.service.in ${CMAKE_BINARY_DIR}/systemd/${unit}.service @ONLY)
	install(FILES ${CMAKE_BINARY_DIR}/systemd/${unit}.service DESTINATION lib/systemd/system)
endforeach()
configure_file(${SHIMING_SYSTEMD}/tmpfiles.conf.in ${CMAKE_BINARY_DIR}/systemd/tmpfiles.conf @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/systemd/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME shiming.conf)
install(FILES ${SHIMING_SYSTEMD}/sysusers.conf DESTINATION lib/sysusers.d RENAME shiming.conf)
install(FILES ${SHIMING_SYSTEMD}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/shiming/systemd)
