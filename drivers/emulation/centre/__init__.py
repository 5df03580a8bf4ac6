"""The data centre in small: receives packets, opens them with its own key, searches fingers, says what it found."""
