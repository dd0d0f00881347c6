namespace CodeTuner.Assist.Review;

/// <summary>How readily a review speaks.</summary>
public enum ReviewSensitivity
{
    /// <summary>Only of what is all but certain: hardly ever, and hardly ever wrongly.</summary>
    Low,

    /// <summary>Between the two.</summary>
    Medium,

    /// <summary>Of whatever the model would write otherwise with some confidence: good code is flagged now and then.</summary>
    High,
}
