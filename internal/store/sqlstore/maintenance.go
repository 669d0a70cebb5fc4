package sqlstore

import (
	"context"
	"errors"
	"fmt"
)

// Maintain implements store.Maintenance.
func (s *Store) Maintain(ctx context.Context) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("maintain database: connect: %w", err)
	}
	for _, statement := range s.dialect.Maintain() {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return errors.Join(fmt.Errorf("maintain database: %s: %w", statement, err), conn.Close())
		}
	}
	return conn.Close()
}
