# Writes TO, the file FROM with its kernel launches as calls of standin::launch.
file(READ ${FROM} text)
string(REGEX REPLACE "([A-Za-z]+<Dtype>)[ \n]*<<<([^;]*), ([A-Za-z]+)>>>\\(" "standin::launch(\\1, \\2, \\3, " text "${text}")
if(text MATCHES "<<<" OR NOT text MATCHES "standin::launch")
    message(FATAL_ERROR "${FROM} launches a kernel in a form that is not known here")
endif()
file(WRITE ${TO} "${text}")
