# atl_stage_caffe_headers(FOLDER): lays the headers that the installer would put into a Caffe tree (files.txt) under FOLDER as they would lie under the
# tree's include/, so that the layer compiles outside of a tree.
function(atl_stage_caffe_headers folder)
    set(list ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/files.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
    file(STRINGS ${list} lines REGEX " include/")
    foreach(line ${lines})
        string(REGEX MATCH "^([^ ]+) include/([^ ]+)$" line ${line})
        configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../${CMAKE_MATCH_1} ${folder}/${CMAKE_MATCH_2} COPYONLY)
    endforeach()
endfunction()
