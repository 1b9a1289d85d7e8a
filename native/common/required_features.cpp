// Compiled as the library is, and so it knows what the compiler was allowed to use. Data only: nothing here runs.
#include "common/processor.h"

// "1" where the compiler defines the macro, else the macro's name.
#define ATL_TEXT_OF(macro) #macro
#define ATL_TEXT(macro) ATL_TEXT_OF(macro)
#define ATL_REQUIRED(name, text, macro, place, bit, state) | (ATL_TEXT(macro)[0] == '1' ? atl::processor::name : 0)

constexpr atl::processor::Features atl::processor::required = 0 ATL_PROCESSOR_FEATURES(ATL_REQUIRED);
