"""Which packer of which station packs which order, when: several stations at once."""
