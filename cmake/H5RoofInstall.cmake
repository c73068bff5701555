# What is installed, and where; packages. Everything finds its parts relative to the program, so that a prefix can be moved.

# ---- made by the program from its own tables
set(doc_dir "${PROJECT_BINARY_DIR}/doc")
set(doc_files "")
foreach(form_file IN ITEMS man:h5roof.1 bash:h5roof.bash zsh:_h5roof)
  string(REPLACE ":" ";" form_file "${form_file}")
  list(GET form_file 0 form)
  list(GET form_file 1 file)
  add_custom_command(OUTPUT "${doc_dir}/${file}"
                     COMMAND ${CMAKE_COMMAND} -E make_directory "${doc_dir}"
                     # a sanitized build must not fail over what libraries leave behind
                     COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0 $<TARGET_FILE:h5roof> doc ${form}
                             > "${doc_dir}/${file}"
                     DEPENDS h5roof COMMENT "h5roof doc ${form}" VERBATIM)
  list(APPEND doc_files "${doc_dir}/${file}")
endforeach()
add_custom_target(h5r_doc ALL DEPENDS ${doc_files})

# ---- scripts for users, and names for them beside the program
set(script_dir "${H5R_DATA_DIR}/scripts")
foreach(name IN ITEMS plot report collect)
  set(script "${name}.py")
  configure_file(packaging/wrapper.sh.in "${PROJECT_BINARY_DIR}/bin/h5roof-${name}" @ONLY)
  install(PROGRAMS "${PROJECT_BINARY_DIR}/bin/h5roof-${name}" DESTINATION "${CMAKE_INSTALL_BINDIR}")
endforeach()
install(PROGRAMS scripts/plot.py scripts/report.py scripts/collect.py scripts/ci-gate.sh DESTINATION "${script_dir}")
install(FILES scripts/common.sh DESTINATION "${script_dir}")
install(DIRECTORY scripts/launch DESTINATION "${script_dir}" USE_SOURCE_PERMISSIONS)
install(DIRECTORY python/h5roof DESTINATION "${H5R_DATA_DIR}/python" PATTERN "__pycache__" EXCLUDE)

install(TARGETS h5roof RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY configs DESTINATION "${H5R_DATA_DIR}")
install(FILES "${doc_dir}/h5roof.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${doc_dir}/h5roof.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME h5roof)
install(FILES "${doc_dir}/_h5roof" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES README.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright) # where Debian looks for it
install(FILES results/SCHEMA.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/results")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# ---- packages: cpack --config build/release/CPackConfig.cmake
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME h5roof)
set(CPACK_PACKAGE_VENDOR "the h5roof authors")
set(CPACK_PACKAGE_CONTACT "the h5roof authors <h5roof@localhost>" CACHE STRING "Who answers for a package")
set(CPACK_PACKAGE_DESCRIPTION
    "h5roof measures parallel HDF5 I/O and puts every number beside the ceiling that the same bytes could reach on the\n\
same machine without HDF5.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# A package belongs to the MPI it was built with. Its launcher and Python are for other commands than the program's own.
set(recommended python3-pandas python3-matplotlib python3-jinja2)
if(H5R_MPI_FLAVOUR STREQUAL "openmpi")
  list(PREPEND recommended openmpi-bin)
elseif(H5R_MPI_FLAVOUR STREQUAL "mpich")
  list(PREPEND recommended mpich)
endif()
list(JOIN recommended ", " CPACK_DEBIAN_PACKAGE_RECOMMENDS)
include(CPack)
