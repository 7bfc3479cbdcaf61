"""Call-back samples: closed matters drawn by chance, called back by another unit, told in sums."""
