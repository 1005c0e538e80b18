using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class GroupDataTests
{
    private static readonly Frame Survey = new([new IntegerColumn("state", [2, 1, 2]), new IntegerColumn("y", [0, 1, 1])], "survey.csv");

    [Fact]
    public void Predictors_are_joined_by_the_columns_in_common()
    {
        Frame states = new([new IntegerColumn("state", [1, 2, 3]), new NumericColumn("income", [10, 20, 30]), new Factor("region", [0, 1, 0], ["N", "S"])], "states.csv");
        Frame joined = GroupData.Join(Survey, states);
        Assert.Equal(["state", "y", "income", "region"], joined.Columns.Select(column => column.Name));
        Assert.Equal([20.0, 10, 20], ((NumericColumn)joined.Get("income")).Values.ToArray());
        Assert.Equal(["S", "N", "S"], FrameAssert.Texts(joined.Get("region")));
        Assert.Equal("survey.csv", joined.Source);
    }

    [Fact]
    public void Election_polls_get_the_predictors_of_their_states_as_a_nested_loop_finds_them()
    {
        Frame polls = Fixtures.Data("election88_polls_all");
        Frame states = Fixtures.Data("election88_states");
        Frame joined = GroupData.Join(polls, states);
        for (int row = 0; row < polls.RowCount; row++)
        {
            int match = Enumerable.Range(0, states.RowCount).Single(i => states.Get("state").TextAt(i) == polls.Get("state").TextAt(row));
            Assert.Equal(states.Get("v_prev").TextAt(match), joined.Get("v_prev").TextAt(row));
        }
    }

    [Fact]
    public void Several_keys_are_matched_together_and_typed_together()
    {
        Frame rows = new([new TextColumn("a", ["1", "2", "x"]), new NumericColumn("b", [1, 2, 1])]);
        Frame groups = new([new IntegerColumn("b", [1, 1, 2]), new TextColumn("a", ["x", "1", "2"]), new TextColumn("v", ["p", "q", "r"])]);
        Assert.Equal(["q", "r", "p"], FrameAssert.Texts(GroupData.Join(rows, groups).Get("v")));
        Frame texts = new([new TextColumn("state", ["2", "1", "01"]), new TextColumn("v", ["two", "one", "padded"])]);
        Assert.Equal(["two", "one", "two"], FrameAssert.Texts(GroupData.Join(Survey, texts).Get("v")));
    }

    [Fact]
    public void A_row_without_a_key_gets_missing_values()
    {
        Frame rows = new([new TextColumn("s", ["a", null])]);
        Frame groups = new([new TextColumn("s", ["a"]), new IntegerColumn("v", [5]), new Factor("f", [0], ["u"])]);
        Frame joined = GroupData.Join(rows, groups);
        Assert.Equal(["5", null], FrameAssert.Texts(joined.Get("v")));
        Assert.Equal(["u", null], FrameAssert.Texts(joined.Get("f")));
    }

    [Fact]
    public void Faults_name_the_key_and_the_rows()
    {
        Assert.Equal(
            "states.csv: rows 1 and 3 both have state = '1'; the combinations of 'state' must be unique there.", Fault([1, 2, 1]));
        Assert.Equal(
            "states.csv has no row with state = '2', which survey.csv has in 2 rows; the tables are joined on 'state', the columns they share.", Fault([1, 3]));
        Assert.Equal("states.csv, row 2: a key ('state') is missing.", Fault([1, IntegerColumn.Missing]));
        Assert.Equal(
            "states.csv has no row with state = '2', which survey.csv has in 2 rows (3 rows without a match in all); the tables are joined on 'state', the columns they share.", Fault([]));
        Frame other = new([new IntegerColumn("county", [1])], "states.csv");
        Assert.StartsWith("states.csv and survey.csv have no column in common", Assert.Throws<DataException>(() => GroupData.Join(Survey, other)).Message, StringComparison.Ordinal);
    }

    private static string Fault(long[] states)
    {
        Frame groups = new([new IntegerColumn("state", states), new NumericColumn("income", new double[states.Length])], "states.csv");
        return Assert.Throws<DataException>(() => GroupData.Join(Survey, groups)).Message;
    }
}
