# Writes h5roof_build.h; run at every build, so that the hash is that of the sources which are compiled.
# The file is touched only when its content changes.

# The hash of the commit, with "-dirty" when tracked files differ from it. A source tree that merely lies inside
# somebody else's repository (an unpacked archive) has no hash.
function(git_hash out)
  set(${out} "unknown" PARENT_SCOPE)
  if(NOT GIT)
    return()
  endif()
  execute_process(COMMAND "${GIT}" rev-parse --show-prefix WORKING_DIRECTORY "${SOURCE_DIR}"
                  RESULT_VARIABLE failed OUTPUT_VARIABLE prefix ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failed OR NOT prefix STREQUAL "")
    return()
  endif()
  execute_process(COMMAND "${GIT}" rev-parse --short=12 --verify HEAD WORKING_DIRECTORY "${SOURCE_DIR}"
                  RESULT_VARIABLE failed OUTPUT_VARIABLE hash ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failed)
    return()
  endif()
  execute_process(COMMAND "${GIT}" status --porcelain --untracked-files=no WORKING_DIRECTORY "${SOURCE_DIR}"
                  OUTPUT_VARIABLE changes ERROR_QUIET)
  if(NOT changes STREQUAL "")
    string(APPEND hash "-dirty")
  endif()
  set(${out} "${hash}" PARENT_SCOPE)
endfunction()

git_hash(H5R_GIT_HASH)
foreach(name H5R_C_FLAGS H5R_COMPILER H5R_BUILD_TYPE H5R_SANITIZERS)
  string(REPLACE "\\" "\\\\" ${name} "${${name}}")
  string(REPLACE "\"" "\\\"" ${name} "${${name}}")
endforeach()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
