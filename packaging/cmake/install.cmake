# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts where: one program for people, its helpers in libexec, the driver beside those of pcscd.
set(SHIMING_DRIVER_DIR ${CMAKE_INSTALL_PREFIX}/lib/pcsc/drivers/serial) # LIBPATH names it, so that it may lie anywhere

foreach(program shiming shiming-platform)
	if(TARGET ${program})
		install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
	endif()
endforeach()
foreach(helper shiming-reader shiming-sync shiming-samv-sim)
	if(TARGET ${helper})
		install(TARGETS ${helper} RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/shiming)
	endif()
endforeach()
if(TARGET ifdsamv)
	install(TARGETS ifdsamv LIBRARY DESTINATION ${SHIMING_DRIVER_DIR})
endif()
set(SHIMING_DRIVER ${SHIMING_DRIVER_DIR}/libifdsamv.so)
configure_file(${CMAKE_SOURCE_DIR}/packaging/pcscd/shiming-samv.conf ${CMAKE_BINARY_DIR}/shiming-samv.conf @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/shiming-samv.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/shiming/reader.conf.d)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/packaging/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
