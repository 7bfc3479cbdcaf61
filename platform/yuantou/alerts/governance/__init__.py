"""From a warning to its source: analyses, meetings, recommendations, and what they did."""
