#include "query/catalogue.h"

#include <algorithm>

#include "tests/query/fixture.h"

namespace tideway::query {
namespace {

class CatalogueTest : public QueryTest {
 protected:
  Catalogue read(const Filter& filter) {
    return std::move(*Catalogue::read(*store_.read(kUser), filter));
  }
};

TEST_F(CatalogueTest, IsEmptyWithoutData) {
  const Catalogue catalogue = read({});
  EXPECT_TRUE(catalogue.sets().empty());
  EXPECT_TRUE(catalogue.blocks().empty());
  EXPECT_TRUE(catalogue.types().empty());
}

TEST_F(CatalogueTest, HoldsTheActiveSetsAndTheirBlocks) {
  const std::string closed = upload({'[' + smbg("a", 1) + ',' + food("b", 2) + ']'});
  const std::string continuous =
      sets_->create(new_set(Deduplicator::kNone, "D1", dataset::DataSet::Type::kContinuous))
          ->upload_id;
  const std::string open = sets_->create(new_set(Deduplicator::kNone))->upload_id;
  add(open, '[' + smbg("c", 1) + ']');
  const Catalogue catalogue = read({});
  ASSERT_EQ(catalogue.sets().size(), 2U);
  EXPECT_LT(catalogue.sets()[0].upload_id, catalogue.sets()[1].upload_id);
  // An entry for each type.
  ASSERT_EQ(catalogue.blocks().size(), 2U);
  EXPECT_EQ(catalogue.set_of(catalogue.blocks()[0]).upload_id, closed);
  EXPECT_EQ(catalogue.set_of(catalogue.blocks()[1]).upload_id, closed);
  EXPECT_EQ(catalogue.types(), (Names{"food", "smbg"}));
}

TEST_F(CatalogueTest, FiltersByUpload) {
  const std::string first = upload({'[' + smbg("a", 1) + ']'});
  upload({'[' + food("b", 1) + ']'});
  Filter filter;
  filter.upload_id = first;
  const Catalogue catalogue = read(filter);
  ASSERT_EQ(catalogue.blocks().size(), 1U);
  EXPECT_EQ(catalogue.set_of(catalogue.blocks()[0]).upload_id, first);
  EXPECT_TRUE(catalogue.set_of(catalogue.blocks()[0]).is_shown);
  EXPECT_EQ(std::ranges::count(catalogue.sets(), true, &CatalogueSet::is_shown), 1);
  EXPECT_EQ(catalogue.types(), (Names{"smbg"}));
  filter.upload_id = "another";
  EXPECT_TRUE(read(filter).blocks().empty());
  EXPECT_EQ(std::ranges::count(read(filter).sets(), true, &CatalogueSet::is_shown), 0);
}

TEST_F(CatalogueTest, LeavesOutBlocksWithoutTheDevice) {
  upload({'[' + smbg("a", 1, 5.5, "D1") + ']'});
  upload({'[' + smbg("b", 1, 5.5, "D2") + ']'});
  Filter filter;
  filter.device_id = "D2";
  const Catalogue catalogue = read(filter);
  EXPECT_EQ(catalogue.sets().size(), 2U);
  ASSERT_EQ(catalogue.blocks().size(), 1U);
  EXPECT_EQ(catalogue.skipped_count(), 1U);
}

TEST_F(CatalogueTest, OfSomeDaysLooksAtNoOtherTime) {
  constexpr int kYearMinutes = 365 * 24 * 60;
  const std::string early = upload({'[' + smbg("a", 1) + ']'});
  const std::string late = upload({'[' + smbg("b", kYearMinutes) + ']'});
  Filter filter;
  filter.start_ms = minute_ms(kYearMinutes - 10);
  filter.end_ms = minute_ms(kYearMinutes + 10);
  const Catalogue catalogue = read(filter);
  ASSERT_EQ(catalogue.sets().size(), 1U);
  EXPECT_EQ(catalogue.sets()[0].upload_id, late);
  EXPECT_EQ(catalogue.blocks().size(), 1U);
  EXPECT_EQ(catalogue.skipped_count(), 0U);
  memory_.put(kUser, dataset::summary_key(early, 0), "garbage");
  EXPECT_TRUE(Catalogue::read(*store_.read(kUser), filter));
}

TEST_F(CatalogueTest, ReadsNoBlock) {
  upload({dataset::many_smbg(2000)});
  store_.take_block_gets();
  read({});
  EXPECT_EQ(store_.take_block_gets(), 0);
}

TEST_F(CatalogueTest, FailsWithTheStore) {
  const std::string id = upload({'[' + smbg("a", 1) + ']'});
  memory_.put(kUser, dataset::summary_key(id, 0), "garbage");
  EXPECT_FALSE(Catalogue::read(*store_.read(kUser), {}));
  memory_.put(kUser, dataset::data_set_key(id), "garbage");
  EXPECT_FALSE(Catalogue::read(*store_.read(kUser), {}));
}

TEST_F(CatalogueTest, MeetsTheBoundsInclusively) {
  upload({'[' + smbg("a", 10) + ',' + smbg("b", 20) + ']'});
  const auto meets = [&](int first_minute, int last_minute) {
    Filter filter;
    filter.start_ms = minute_ms(first_minute);
    filter.end_ms = minute_ms(last_minute);
    const Catalogue catalogue = read(filter);
    EXPECT_EQ(catalogue.skipped_count(), catalogue.blocks().empty() ? 1U : 0U);
    return !catalogue.blocks().empty();
  };
  EXPECT_TRUE(meets(0, 100));
  EXPECT_TRUE(meets(20, 100));
  EXPECT_FALSE(meets(21, 100));
  EXPECT_TRUE(meets(0, 10));
  EXPECT_FALSE(meets(0, 9));
  EXPECT_TRUE(meets(15, 15));
}

}  // namespace
}  // namespace tideway::query
