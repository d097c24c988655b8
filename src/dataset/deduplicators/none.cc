// org.tidepool.deduplicator.none: every record is kept.
#include "dataset/deduplicators/effects.h"

namespace tideway::dataset {

const Effects& none() {
  static const Effects effects;
  return effects;
}

}  // namespace tideway::dataset
