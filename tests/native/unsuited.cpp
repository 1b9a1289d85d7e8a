// A library of which the compiler was allowed to use everything: no processor has it all.
#include "common/processor.h"

constexpr atl::processor::Features atl::processor::required = (Features(1) << kFeatureCount) - 1;
