"""What a push says and where it leads: texts, links, UTM, how it fits on a phone."""
