# Finding libraries, and saying in one message what is missing and how to get it.

find_package(PkgConfig QUIET)

# h5r_missing(NAME DEBIAN package SPACK spec HINT text): note that something is missing.
function(h5r_missing name)
  cmake_parse_arguments(ARG "" "DEBIAN;SPACK;HINT" "" ${ARGN})
  string(CONCAT text "  ${name}\n"
                "      Debian: apt-get install ${ARG_DEBIAN}\n"
                "      Spack:  spack install ${ARG_SPACK}; spack load ${ARG_SPACK}\n"
                "      CMake:  ${ARG_HINT}\n")
  set_property(GLOBAL APPEND_STRING PROPERTY H5R_MISSING "${text}")
endfunction()

function(h5r_report_missing)
  get_property(missing GLOBAL PROPERTY H5R_MISSING)
  if(missing)
    message(FATAL_ERROR "h5roof cannot be built here. Missing:\n${missing}"
                        "scripts/setup.sh installs all of it where apt is there.")
  endif()
endfunction()

# h5r_find_library(NAME PC module HEADER file LIB name DEBIAN package SPACK spec [OPTIONAL]): makes h5r::NAME, by pkg-config or by
# header and library. NAME_ROOT points at an installation and comes before everything else.
function(h5r_find_library name)
  cmake_parse_arguments(ARG "OPTIONAL" "PC;HEADER;LIB;DEBIAN;SPACK" "" ${ARGN})
  set(root "${${name}_ROOT}")
  if(NOT root)
    set(root "$ENV{${name}_ROOT}")
  endif()
  if(PKG_CONFIG_FOUND)
    set(CMAKE_PREFIX_PATH "${root}" ${CMAKE_PREFIX_PATH})
    set(PKG_CONFIG_USE_CMAKE_PREFIX_PATH ON)
    pkg_check_modules(H5R_${name} QUIET IMPORTED_TARGET ${ARG_PC})
  endif()
  add_library(h5r_${name} INTERFACE)
  add_library(h5r::${name} ALIAS h5r_${name})
  if(H5R_${name}_FOUND)
    target_link_libraries(h5r_${name} INTERFACE PkgConfig::H5R_${name})
    message(STATUS "Found ${name} ${H5R_${name}_VERSION}")
    set(H5R_HAVE_${name} TRUE PARENT_SCOPE)
    return()
  endif()
  find_path(H5R_${name}_INCLUDE_DIR ${ARG_HEADER} HINTS "${root}/include")
  find_library(H5R_${name}_LIBRARY ${ARG_LIB} HINTS "${root}/lib" "${root}/lib64")
  mark_as_advanced(H5R_${name}_INCLUDE_DIR H5R_${name}_LIBRARY)
  if(H5R_${name}_INCLUDE_DIR AND H5R_${name}_LIBRARY)
    target_include_directories(h5r_${name} SYSTEM INTERFACE "${H5R_${name}_INCLUDE_DIR}")
    target_link_libraries(h5r_${name} INTERFACE "${H5R_${name}_LIBRARY}")
    message(STATUS "Found ${name}: ${H5R_${name}_LIBRARY}")
    set(H5R_HAVE_${name} TRUE PARENT_SCOPE)
  elseif(ARG_OPTIONAL)
    message(STATUS "Not found: ${name} (Debian: ${ARG_DEBIAN})")
  else()
    h5r_missing("${name} (pkg-config module ${ARG_PC}, header ${ARG_HEADER})" DEBIAN ${ARG_DEBIAN} SPACK ${ARG_SPACK}
                HINT "-D${name}_ROOT=DIR, or -DCMAKE_PREFIX_PATH=DIR, or PKG_CONFIG_PATH in the environment")
  endif()
endfunction()
