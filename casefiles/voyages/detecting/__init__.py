"""What a track shows, by stated thresholds: pure computation. Every finding is a suggestion."""
