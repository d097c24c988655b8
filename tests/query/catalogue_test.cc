#include "query/catalogue.h"

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
  EXPECT_LT(catalogue.sets()[0]->upload_id, catalogue.sets()[1]->upload_id);
  ASSERT_EQ(catalogue.blocks().size(), 1U);
  EXPECT_EQ(catalogue.blocks()[0].set->upload_id, closed);
  EXPECT_EQ(catalogue.blocks()[0].block.summary.count, 2U);
  EXPECT_EQ(catalogue.types(), (Names{"food", "smbg"}));
}

TEST_F(CatalogueTest, FiltersByUpload) {
  const std::string first = upload({'[' + smbg("a", 1) + ']'});
  upload({'[' + food("b", 1) + ']'});
  Filter filter;
  filter.upload_id = first;
  const Catalogue catalogue = read(filter);
  ASSERT_EQ(catalogue.sets().size(), 1U);
  EXPECT_EQ(catalogue.sets()[0]->upload_id, first);
  EXPECT_EQ(catalogue.types(), (Names{"smbg"}));
  filter.upload_id = "another";
  EXPECT_TRUE(read(filter).sets().empty());
}

TEST_F(CatalogueTest, LeavesOutBlocksWithoutTheDevice) {
  upload({'[' + smbg("a", 1, 5.5, "D1") + ']'});
  upload({'[' + smbg("b", 1, 5.5, "D2") + ']'});
  Filter filter;
  filter.device_id = "D2";
  const Catalogue catalogue = read(filter);
  EXPECT_EQ(catalogue.sets().size(), 2U);
  ASSERT_EQ(catalogue.blocks().size(), 1U);
  EXPECT_EQ(catalogue.blocks()[0].block.summary.device_ids, (Names{"D2"}));
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

TEST(FindRange, MeetsTheBoundsInclusively) {
  store::BlockSummary summary;
  summary.types = {{.type = "cbg", .count = 2, .time_first_ms = 100, .time_last_ms = 200}};
  const auto meets = [&](int64_t start_ms, int64_t end_ms) {
    Filter filter;
    filter.start_ms = start_ms;
    filter.end_ms = end_ms;
    return find_range(summary, "cbg", filter) != nullptr;
  };
  EXPECT_TRUE(meets(0, 1000));
  EXPECT_TRUE(meets(200, 1000));
  EXPECT_FALSE(meets(201, 1000));
  EXPECT_TRUE(meets(0, 100));
  EXPECT_FALSE(meets(0, 99));
  EXPECT_TRUE(meets(150, 150));
  EXPECT_EQ(find_range(summary, "smbg", {}), nullptr);
  EXPECT_EQ(find_range(summary, "cbg", {}), &summary.types[0]);
}

}  // namespace
}  // namespace tideway::query
