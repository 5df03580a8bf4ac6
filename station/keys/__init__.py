"""Keys and certificates behind one port: software for rehearsal, token, HSM or TPM in the field."""
