"""司法建议, 检察建议, 风险提示函: sent, answered, judged, filed."""
