using System.Globalization;

namespace Terrace.Stan.Runtime;

/// <summary>What a program prints, and the messages with which it rejects or ends.</summary>
internal sealed unsafe partial class Workspace
{
    private const int MaximumMessage = 100_000;

    /// <summary>Adds text.</summary>
    public void Say(string text)
    {
        if (Message.Length < MaximumMessage) Message.Append(text);
    }

    /// <summary>Adds an integer.</summary>
    public void SayInt(int value) => Say(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a real, with six significant digits.</summary>
    public void SayReal(double value) => Say(value.ToString("G6", CultureInfo.InvariantCulture).Replace("E+", "e+", StringComparison.Ordinal).Replace("E-", "e-", StringComparison.Ordinal));

    /// <summary>Adds a container of reals in brackets, dimension by dimension.</summary>
    public void SayReals(int offset, int depth, bool matrix, int[] dimensions) => SayLevel(offset, depth, matrix, dimensions, 0, false);

    /// <summary>Adds an array of integers.</summary>
    public void SayInts(int offset, int depth, bool matrix, int[] dimensions) => SayLevel(offset, depth, matrix, dimensions, 0, true);

    private void SayLevel(int offset, int depth, bool matrix, int[] dimensions, int level, bool ints)
    {
        if (level == dimensions.Length)
        {
            if (ints) SayInt(I[offset]);
            else SayReal(V[offset]);
            return;
        }
        int stride = 1;
        for (int k = level + 1; k < dimensions.Length; k++) stride *= dimensions[k];
        bool rows = matrix && level == depth, columns = matrix && level == depth + 1;
        if (rows) stride = 1;
        if (columns) stride = dimensions[depth];
        Say("[");
        for (int i = 0; i < dimensions[level] && Message.Length < MaximumMessage; i++)
        {
            if (i > 0) Say(",");
            SayLevel(offset + (i * stride), depth, matrix, dimensions, level + 1, ints);
        }
        Say("]");
    }

    /// <summary>Prints the line.</summary>
    public void EndPrint()
    {
        Printed?.Invoke(Message.ToString());
        Message.Clear();
    }

    /// <summary>Rejects with the line.</summary>
    public void EndReject()
    {
        string message = Message.ToString();
        Message.Clear();
        throw new StanFaultException(StanFaultKind.Rejection, message);
    }

    /// <summary>Ends the run with the line.</summary>
    public void EndFatal()
    {
        string message = Message.ToString();
        Message.Clear();
        throw new StanFaultException(StanFaultKind.Error, message);
    }
}
