using System.Data.Common;
using Microsoft.Data.Sqlite;
using Terrace.Data;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Data;

public sealed class DatabaseRowsTests : IDisposable
{
    private readonly SqliteConnection _connection;

    public DatabaseRowsTests()
    {
        SQLitePCL.Batteries.Init();
        _connection = new SqliteConnection("Data Source=:memory:");
        _connection.Open();
        Query("CREATE TABLE poll (id INTEGER, age REAL, state TEXT, vote INTEGER, empty REAL, mixed)")().Dispose();
        Query("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
            INSERT INTO poll SELECT i, i / 8.0, printf('S%02d', i % 50), CASE WHEN i % 10 = 0 THEN NULL ELSE i % 2 END, NULL,
            CASE WHEN i = 1000 THEN 0.5 ELSE i END FROM n
            """)().Dispose();
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void A_query_is_streamed_in_typed_blocks_again_and_again()
    {
        var rows = new DatabaseRows(Query("SELECT * FROM poll ORDER BY id"), "poll", [ColumnDeclaration.Factor("state")], blockRows: 300);
        Assert.Equal([300, 300, 300, 100], rows.Blocks().Select(block => block.RowCount));
        Frame frame = rows.ReadAll();
        Assert.Equal(
            [ColumnType.Integer, ColumnType.Double, ColumnType.Factor, ColumnType.Integer, ColumnType.Double, ColumnType.Double], frame.Columns.Select(ColumnTypes.Of));
        Assert.Equal(50, ((Factor)rows.Header.Get("state")).Levels.Count);
        Assert.Equal("S49", frame.Get("state").TextAt(998));
        Assert.True(frame.Get("vote").IsMissing(9));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => i / 8.0), ((NumericColumn)frame.Get("age")).Values.ToArray());
        Assert.Equal(0.5, ((NumericColumn)frame.Get("mixed")).Values[999]);
        Assert.Equal(1000, frame.RowCount);
    }

    [Fact]
    public void The_same_table_comes_from_a_query_and_from_a_file()
    {
        using var folder = new TemporaryFolder();
        Frame query = new DatabaseRows(Query("SELECT id, age, state, vote FROM poll")).ReadAll();
        CsvWriter.Write(query, folder["poll.csv"]);
        FrameAssert.Equal(query, CsvFile.Read(folder["poll.csv"]));
    }

    [Fact]
    public void Faults_are_named()
    {
        Assert.StartsWith("poll: the query failed", Fault("SELECT nothing FROM poll"), StringComparison.Ordinal);
        Assert.StartsWith("poll: two columns of the query are named 'id'", Fault("SELECT id, age AS id FROM poll"), StringComparison.Ordinal);
        Assert.Equal("poll, row 1, column 'state': 'S01' is not a number.", Fault("SELECT * FROM poll ORDER BY id", new ColumnDeclaration("state", ColumnType.Double)));
        Assert.Equal("poll has no column 'sate', which is declared. Did you mean 'state'?", Fault("SELECT * FROM poll", ColumnDeclaration.Factor("sate")));
        DbDataReader once = Query("SELECT * FROM poll")();
        Assert.Contains("run anew", Assert.Throws<DataException>(() => new DatabaseRows(() => once, "poll").ReadAll()).Message, StringComparison.Ordinal);
        Assert.Equal(0, new DatabaseRows(Query("SELECT * FROM poll WHERE 0")).ReadAll().RowCount);
    }

    private string Fault(string sql, params ColumnDeclaration[] columns)
    {
        return Assert.Throws<DataException>(() => new DatabaseRows(Query(sql), "poll", columns).ReadAll()).Message;
    }

    private Func<DbDataReader> Query(string sql) => () =>
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteReader();
    };
}
